import type { SippStep } from '../../voice/sipp-scenario.ts';

/** What becomes of a call's messages at the box; it says which of them are seen on one side of it only. */
export type Fate = keyof typeof ONE_SIDED;

/**
 * `side direction start-line` of what a rule keeps on one side: what the box answers or says by itself, and what it was
 * answered. Everything else passes, and is on both sides.
 */
export const ONE_SIDED = {
  passes: [],
  refused: [/^lan up INVITE /, /^lan up ACK /, /^lan down SIP\/2\.0 (403|404|503) /],
  'refused-to-network': [/^wan down INVITE /, /^wan down ACK /, /^wan up SIP\/2\.0 486 /],
  cut: [/^lan down BYE /, /^lan up SIP\/2\.0 200 /, /^wan up BYE /, /^wan down SIP\/2\.0 200 /],
  'flood-held': [/^lan up OPTIONS /],
} as const satisfies Readonly<Record<string, readonly RegExp[]>>;

/** The records that the calls of a role must leave. */
export type Ends = {
  readonly cause: string;
  readonly class: string;
  /** From the least to the most of metered seconds, on a machine as busy as it may be; the capture knows how long it really was. */
  readonly seconds: readonly [number, number];
  readonly direction?: 'incoming';
};

/** One run of sipp: somebody with a telephone, and what must come of it. */
export type Role = {
  /** Begins the Call-ID of each of its calls. */
  readonly name: string;
  /** Requirement, and what is shown of it. */
  readonly shows: string;
  readonly steps: readonly SippStep[];
  /** Where it runs, address and port. */
  readonly socket: string;
  readonly of: 'site' | 'operator';
  readonly fate: Fate;
  /** One entry a call record; none for what is no call, or for the called end of a call. */
  readonly ends?: readonly Ends[];
  readonly transport?: 'tcp';
  /** Sends back what comes to its media port: T.38 that says what it hears. */
  readonly echoes?: true;
  /** Calls at once; one unless said. */
  readonly calls?: number;
};
