import type { CodedPage } from '../page/page-format.ts';
import type { PageCommand } from '../t30/command.ts';
import type { AfterBlock } from '../t30/partial-page.ts';

/*
 *   silent ─► offering ─DCS─► checking ─CFR─► taking ─(page whole)─► keeping ─MCF─► taking … ─DCN─► over
 *               ▲                └FTT          │ ▲                      │
 *               │                              └PPR, CTR, RTN           └ RNR while it takes long
 *               └───────────── EOM ────────────────────────────────────┘
 */
export type Receiving =
  | { readonly role: 'receives'; readonly at: 'silent' }
  /** Our DIS is repeated. */
  | { readonly role: 'receives'; readonly at: 'offering' }
  /** `zeros` of the octets of the training check that were heard. */
  | {
      readonly role: 'receives';
      readonly at: 'checking';
      readonly command: PageCommand;
      readonly octets: number;
      readonly zeros: number;
    }
  | ({ readonly role: 'receives'; readonly at: 'taking' } & Taking)
  /** The page is whole and being kept; `kept` once it is and the sender has been told to wait. */
  | ({
      readonly role: 'receives';
      readonly at: 'keeping';
      readonly coded: CodedPage;
      readonly after: AfterBlock;
      readonly answer: 'MCF' | 'RTP';
      readonly toldToWait: boolean;
      readonly kept: boolean;
    } & Taking);

export type Taking = {
  readonly command: PageCommand;
  /** Without ECM, since the last command. */
  readonly image: Chunks | undefined;
  /** With ECM, of the block that is under way, by number; and the highest number that a PPS told of. */
  readonly frames: ReadonlyMap<number, Uint8Array>;
  readonly last: number;
  /** Blocks of this page that were confirmed. */
  readonly blocks: readonly Uint8Array[];
  /** What was answered last, and to which command, lest it be counted twice. */
  readonly answered: { readonly to: string; readonly by: 'MCF' | 'RTP' | 'RTN' } | undefined;
};

/** Pieces in the order of arrival, the last one on top. */
export type Chunks = { readonly octets: Uint8Array; readonly size: number; readonly before: Chunks | undefined };

export const withChunk = (before: Chunks | undefined, octets: Uint8Array): Chunks => ({
  octets,
  size: (before?.size ?? 0) + octets.length,
  before,
});

export function octetsOf(chunks: Chunks | undefined): Uint8Array {
  const all = new Uint8Array(chunks?.size ?? 0);
  for (let one = chunks; one !== undefined; one = one.before) all.set(one.octets, one.size - one.octets.length);
  return all;
}

export const startTaking = (command: PageCommand): Taking => ({
  command,
  image: undefined,
  frames: new Map(),
  last: 0,
  blocks: [],
  answered: undefined,
});
