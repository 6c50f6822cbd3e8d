/** A test of one link that support ordered, checked and bounded. Times in ms, blocks in bytes. */
export type Diagnosis =
  | {
      readonly test: 'ping';
      readonly link: string;
      readonly host: string;
      readonly repetitions: number;
      readonly timeout: number;
      readonly block: number;
      readonly dscp: number;
    }
  | {
      readonly test: 'trace';
      readonly link: string;
      readonly host: string;
      readonly tries: number;
      readonly timeout: number;
      readonly block: number;
      readonly dscp: number;
      readonly hops: number;
    }
  | {
      readonly test: 'download';
      readonly link: string;
      readonly url: string;
      /** Seconds; 0: the whole file, within the bounds of a test. */
      readonly duration: number;
      /** Bytes that the test may take; a metered link has few. */
      readonly most: number;
    }
  | {
      readonly test: 'lookup';
      readonly link: string;
      readonly name: string;
      /** Address of the server that is asked. */
      readonly server: string;
      readonly timeout: number;
      readonly repetitions: number;
    };

export type Finding = PingFinding | TraceFinding | DownloadFinding | LookupFinding;

/** Why a test says nothing of the link. */
export type Unfinished = 'unresolved' | 'no-route' | 'no-tool' | 'failed';

export type PingFinding = {
  readonly test: 'ping';
  readonly failed?: Unfinished | undefined;
  readonly address?: string | undefined;
  /** Microseconds of each answer. */
  readonly answers: readonly number[];
  readonly lost: number;
};

export type TraceFinding = {
  readonly test: 'trace';
  readonly failed?: Unfinished | 'too-far' | undefined;
  readonly address?: string | undefined;
  readonly hops: readonly { readonly address?: string | undefined; readonly times: readonly number[] }[];
};

/** Unix ms of each step; 0 where the test did not come so far. */
export type DownloadFinding = {
  readonly test: 'download';
  readonly failed?: Unfinished | 'not-connected' | 'no-answer' | 'broken-off' | 'refused' | undefined;
  readonly address?: string | undefined;
  readonly opened: number;
  readonly connected: number;
  readonly asked: number;
  readonly began: number;
  readonly ended: number;
  readonly bytes: number;
  /** Of the connection as a whole, both ways. */
  readonly received: number;
  readonly sent: number;
};

export type LookupFinding = {
  readonly test: 'lookup';
  readonly failed?: Unfinished | undefined;
  readonly results: readonly LookupResult[];
};

export type LookupResult = {
  readonly so: 'found' | 'no-such-name' | 'no-server' | 'no-answer' | 'unreadable';
  readonly authoritative: boolean;
  readonly name: string;
  readonly addresses: readonly string[];
  readonly server: string;
  /** Milliseconds. */
  readonly took: number;
};
