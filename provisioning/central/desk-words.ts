import type { Decision } from '../../agent/rating/book/verdicts.ts';

/** A file of a host operator that was taken, by the SHA-256 of its bytes. */
export type TakenFile = {
  readonly hash: string;
  readonly host: string;
  /** As "example-host@1". */
  readonly format: string;
  readonly name: string;
  readonly records: number;
  /** Lines that were set aside. */
  readonly bad: number;
  readonly at: number;
};

/** A statement that was issued. It is never changed (U-5). */
export type IssuedStatement = {
  readonly account: string;
  readonly period: string;
  readonly start: number;
  /** What was billed of each use, as later statements need it; the statement as it was shown; both JSON. */
  readonly closed: string;
  readonly statement: string;
  readonly at: number;
};

/** What somebody decided of a use that waits (D-2, U-7). It is never changed; a later one of the same use stands before it. */
export type KeptDecision = Decision & { readonly account: string; readonly by: string; readonly why: string };

/** What the commands of the billing desk keep, beside a running service: nothing that the service itself decides by. */
export type DeskRow =
  | ({ readonly keep: 'host-file' } & TakenFile)
  /** `content`: hash of the use. A record that is known already, with this content, stays as it first came. */
  | {
      readonly keep: 'host-record';
      readonly id: string;
      readonly content: string;
      readonly file: string;
      readonly fileLine: number;
      readonly line: string;
      readonly body: string;
      readonly at: number;
    }
  | {
      readonly keep: 'host-bad';
      readonly file: string;
      readonly fileLine: number;
      readonly fileColumn: number;
      readonly text: string;
      readonly remedy: string;
    }
  | ({ readonly keep: 'statement' } & IssuedStatement)
  | ({ readonly keep: 'decision' } & KeptDecision);
