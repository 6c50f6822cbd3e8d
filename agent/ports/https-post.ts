export type PostRequest = {
  /** With scheme, host and path. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** A POST to a server whose certificate was checked. No redirect is followed, no answer is kept. */
export interface HttpsPost {
  /** Undefined where no answer came, or where the server was not the one of that name; the latter tells nothing apart. */
  post(
    request: PostRequest,
    done: (answer: { readonly status: number; readonly body: string } | undefined) => void,
  ): void;
}
