export interface IdempotencyKey {
  /** Person id and route: the scope of a key. */
  readonly actor: string;
  readonly route: string;
  readonly key: string;
  /** SHA-256 of the canonical request. */
  readonly requestSha256: string;
}

/** What a request made, or what the first one with its key made. */
export interface Made<T> {
  readonly made: T;
  /** It was made before, by another request with this key; this one wrote nothing. */
  readonly repeated: boolean;
}

/** The key was used with another request. */
export interface KeyMismatch {
  readonly kind: 'idempotency-mismatch';
}
