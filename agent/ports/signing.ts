/** The device's own Ed25519 key (RFC 8032), and what is needed to judge what others have signed. */
export interface Signing {
  /** 32 bytes; the other half never leaves the box. */
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  /** SHA-256. */
  digest(bytes: Uint8Array): Uint8Array;
}
