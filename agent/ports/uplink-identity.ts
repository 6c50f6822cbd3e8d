/** The certificate that the box shows the broker, and the next one (D-3). The private keys stay behind this port. */
export type UplinkIdentity = {
  /** When the newest certificate of the box begins and ends (Unix ms); absent where it has none. */
  life(): { readonly from: number; readonly until: number } | undefined;
  /**
   * A request in PEM for a key that no certificate has yet, the same one until it was answered, and the signature of the
   * present key over it in base64; absent where there is no present certificate: that is for `relais enroll`.
   */
  request(): { readonly request: string; readonly proof: string } | undefined;
  /** Keeps a certificate for that key, to be shown from the next connection on. Answers why not, where it is not taken. */
  take(certificate: string): string | undefined;
};
