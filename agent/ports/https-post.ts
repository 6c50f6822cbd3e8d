export type PostRequest = {
  /** With scheme, host and path. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export type PostAnswer =
  | { readonly status: number; readonly body: string }
  | 'silent'
  /** Its certificate is not of this name, or under none of the trusted roots: nothing was sent. */
  | 'untrusted';

/** A POST to a server whose certificate was checked. No redirect is followed. */
export interface HttpsPost {
  post(request: PostRequest, done: (answer: PostAnswer) => void): void;
}
