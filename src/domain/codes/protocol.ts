import type { CodeEntry } from './entry.js';

/** Why the API or the command line refused a request before it looked at what the request names. */
export const PROTOCOL = {
  'not-signed-in': {
    class: 'request',
    en: 'The request has no valid token.',
    zhTW: '要求沒有有效的權杖。',
    next: {
      en: 'Send a valid token: Authorization: Bearer fxp_….',
      zhTW: '請傳送有效的權杖：Authorization: Bearer fxp_…。',
    },
  },
  'server-unreachable': {
    class: 'request',
    en: 'Fixpoint does not answer.',
    zhTW: 'Fixpoint 沒有回應。',
    next: {
      en: 'Start it with `npm start`, or set FIXPOINT_URL.',
      zhTW: '請以 `npm start` 啟動，或設定 FIXPOINT_URL。',
    },
  },
  'not-fixpoint': {
    class: 'request',
    en: 'The server did not answer as Fixpoint does.',
    zhTW: '伺服器的回應不是來自 Fixpoint。',
    next: {
      en: 'Check FIXPOINT_URL and any proxy in between.',
      zhTW: '請檢查 FIXPOINT_URL 以及中間的 Proxy。',
    },
  },
  'address-invalid': {
    class: 'request',
    en: 'FIXPOINT_URL is not the address of an API.',
    zhTW: 'FIXPOINT_URL 不是 API 的位址。',
    next: {
      en: 'Set FIXPOINT_URL to an address such as http://127.0.0.1:8400.',
      zhTW: '請將 FIXPOINT_URL 設為位址，例如 http://127.0.0.1:8400。',
    },
  },
  'idempotency-key-required': {
    class: 'request',
    en: 'The request has no valid Idempotency-Key header. Nothing was stored.',
    zhTW: '要求沒有有效的 Idempotency-Key 標頭，未儲存任何內容。',
    next: {
      en: 'Send a new key for each request, 1 to 200 visible ASCII characters, such as a UUID.',
      zhTW: '請為每個要求傳送新的金鑰，1 至 200 個可見 ASCII 字元，例如 UUID。',
    },
  },
  'idempotency-mismatch': {
    class: 'request',
    en: 'This Idempotency-Key was used with another request.',
    zhTW: '此 Idempotency-Key 已用於其他要求。',
    next: { en: 'Use a new key for a new request.', zhTW: '新的要求請使用新的金鑰。' },
  },
  'invalid-request': {
    class: 'request',
    en: 'The request does not match the schema. Nothing was stored.',
    zhTW: '要求不符合結構描述，未儲存任何內容。',
    next: { en: 'Correct the members listed in errors.', zhTW: '請修正 errors 中列出的成員。' },
  },
  'invalid-query': {
    class: 'request',
    en: 'The query parameters do not match the schema of this address.',
    zhTW: '查詢參數不符合此位址的結構描述。',
    next: { en: 'Correct the parameters listed in errors.', zhTW: '請修正 errors 中列出的參數。' },
  },
  'invalid-header': {
    class: 'request',
    en: 'A header does not match the schema of this address.',
    zhTW: '標頭不符合此位址的結構描述。',
    next: { en: 'Correct the headers listed in errors.', zhTW: '請修正 errors 中列出的標頭。' },
  },
  'invalid-parameters': {
    class: 'request',
    en: 'The parameters do not match the schema of the runbook. Nothing was stored.',
    zhTW: '參數不符合執行手冊的結構描述，未儲存任何內容。',
    next: { en: 'Correct the parameters listed in errors.', zhTW: '請修正 errors 中列出的參數。' },
  },
  'malformed-json': {
    class: 'request',
    en: 'The body is not valid JSON.',
    zhTW: '要求主體不是有效的 JSON。',
    next: { en: 'Correct the body.', zhTW: '請修正要求主體。' },
  },
  'malformed-request': {
    class: 'request',
    en: 'The request could not be read.',
    zhTW: '無法讀取要求。',
    next: { en: 'Check the address and the headers.', zhTW: '請檢查位址與標頭。' },
  },
  'headers-too-large': {
    class: 'request',
    en: 'The headers of the request are larger than 16 kB.',
    zhTW: '要求的標頭超過 16 kB。',
    next: { en: 'Send fewer or smaller headers.', zhTW: '請減少或縮小標頭。' },
  },
  'host-unknown': {
    class: 'request',
    en: 'The Host of the request is no name of this server.',
    zhTW: '要求的 Host 不是此伺服器的名稱。',
    next: {
      en: 'Use the address of the server, or add the name to FIXPOINT_NAMES of the API and restart it.',
      zhTW: '請使用伺服器的位址，或將名稱加入 API 的 FIXPOINT_NAMES 並重新啟動。',
    },
  },
  'request-timed-out': {
    class: 'request',
    en: 'The request did not arrive in time.',
    zhTW: '要求未在時限內送達。',
    next: { en: 'Send it again.', zhTW: '請重新傳送。' },
  },
  'method-not-allowed': {
    class: 'request',
    en: 'This address does not take this method.',
    zhTW: '此位址不接受這個方法。',
    next: { en: 'Use a method of the Allow header.', zhTW: '請使用 Allow 標頭列出的方法。' },
  },
  'body-too-large': {
    class: 'request',
    en: 'The body is larger than 256 kB, or 2 MB for a batch.',
    zhTW: '要求主體超過 256 kB（批次為 2 MB）。',
    next: { en: 'Send a smaller body.', zhTW: '請縮小要求主體。' },
  },
  'body-too-deep': {
    class: 'request',
    en: 'The body is nested deeper than 20 levels.',
    zhTW: '要求主體的巢狀超過 20 層。',
    next: { en: 'Send a flatter body.', zhTW: '請減少巢狀層數。' },
  },
  'unsupported-media-type': {
    class: 'request',
    en: 'The media type is not supported.',
    zhTW: '不支援此媒體類型。',
    next: { en: 'Send application/json in UTF-8.', zhTW: '請傳送 UTF-8 的 application/json。' },
  },
  'too-many-requests': {
    class: 'request',
    en: 'There were too many requests.',
    zhTW: '要求過多。',
    next: { en: 'Wait for the time in the Retry-After header.', zhTW: '請依 Retry-After 標頭等待。' },
  },
  'too-many-streams': {
    class: 'request',
    en: 'You have too many open event streams.',
    zhTW: '您開啟的事件串流過多。',
    next: { en: 'Close a stream and try again.', zhTW: '請關閉其中一個串流再試。' },
  },
  'service-unavailable': {
    class: 'request',
    en: 'The database is unavailable. The request was not accepted.',
    zhTW: '資料庫無法使用，要求未被接受。',
    next: { en: 'Repeat the request with the same Idempotency-Key.', zhTW: '請以相同的 Idempotency-Key 重送要求。' },
  },
  'people-unreadable': {
    class: 'request',
    en: 'The server cannot read its people file, so nobody can sign in.',
    zhTW: '伺服器無法讀取人員檔案，因此無人能登入。',
    next: {
      en: 'Run `fixpoint doctor` on the server, which names the mistake. Then repeat the request with the same Idempotency-Key.',
      zhTW: '請在伺服器上執行 `fixpoint doctor` 找出錯誤，修正後以相同的 Idempotency-Key 重送要求。',
    },
  },
  'policy-unreadable': {
    class: 'request',
    en: 'The server cannot use its policy file, so nothing is allowed.',
    zhTW: '伺服器無法使用政策檔案，因此不允許任何操作。',
    next: {
      en: 'Run `fixpoint policy check` on the server, which names every mistake. Then repeat the request with the same Idempotency-Key.',
      zhTW: '請在伺服器上執行 `fixpoint policy check` 找出所有錯誤，修正後以相同的 Idempotency-Key 重送要求。',
    },
  },
  'internal-error': {
    class: 'request',
    en: 'Internal error. The request may or may not have been applied.',
    zhTW: '內部錯誤，要求可能已套用，也可能未套用。',
    next: { en: 'Check before you retry.', zhTW: '重試前請先確認。' },
  },
} as const satisfies Readonly<Record<string, CodeEntry>>;
