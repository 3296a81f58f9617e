/** The field and the curve of Ed25519 (RFC 8032, section 5.1): x and y modulo P with -x² + y² = 1 + D·x²·y². */
const P = 2n ** 255n - 19n;
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;

/**
 * Whether these 32 bytes of an Ed25519 public key name a point whose order divides 8, or a number that is not below P, which would be
 * another form of some point. Under the first, signatures verify that nobody with a private key made.
 */
export function isWeakPoint(bytes: Uint8Array): boolean {
  const number = BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
  // The highest bit is the sign of x.
  const y = number & (2n ** 255n - 1n);
  if (y >= P) return true;
  // Orders 4, 1 and 2.
  if (y === 0n || y === 1n || y === P - 1n) return true;
  // Order 8: twice the point has y = 0, so x² = -y².
  const square = (y * y) % P;
  return (D * square * square + 2n * square - 1n) % P === 0n;
}
