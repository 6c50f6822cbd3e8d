/** One step of an explanation, in the client's language and in English. */
export type Sentence = { readonly fr: string; readonly en: string };
