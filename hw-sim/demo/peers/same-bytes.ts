/** One SIP datagram as a capture saw it. `upward` goes from a phone to the operator. */
export type Seen = {
  readonly upward: boolean;
  /** The call or registration that it belongs to. */
  readonly callId: string;
  /** In hexadecimal. */
  readonly payload: string;
  /** Seconds of Unix time. */
  readonly at: number;
};

export type Difference = {
  /** Seen on one side only. */
  readonly lanOnly: readonly Seen[];
  readonly wanOnly: readonly Seen[];
  /** On both sides, byte for byte, in each direction. */
  readonly same: { readonly up: number; readonly down: number };
  /** Calls whose datagrams did not pass in the order in which they came. */
  readonly disordered: readonly string[];
};

/** what two captures, one on either side of the box, say of the datagrams that it passed on. */
export function compareBytes(lan: readonly Seen[], wan: readonly Seen[]): Difference {
  const [lanOnly, lanBoth] = split(lan, wan);
  const [wanOnly, wanBoth] = split(wan, lan);
  const up = lanBoth.filter(({ upward }) => upward).length;
  return {
    lanOnly,
    wanOnly,
    same: { up, down: lanBoth.length - up },
    disordered: [true, false].flatMap((upward) => disordered(lanBoth, wanBoth, upward)),
  };
}

const keyOf = ({ upward, payload }: Seen): string => `${upward ? 'up' : 'down'} ${payload}`;

/** What of `these` has no counterpart among `those`, and what has; one counterpart serves once. */
function split(these: readonly Seen[], those: readonly Seen[]): readonly [readonly Seen[], readonly Seen[]] {
  const left = new Map<string, number>();
  for (const one of those) left.set(keyOf(one), (left.get(keyOf(one)) ?? 0) + 1);
  const alone: Seen[] = [];
  const both: Seen[] = [];
  for (const one of these) {
    const count = left.get(keyOf(one)) ?? 0;
    left.set(keyOf(one), count - 1);
    (count > 0 ? both : alone).push(one);
  }
  return [alone, both];
}

function disordered(lan: readonly Seen[], wan: readonly Seen[], upward: boolean): readonly string[] {
  const lists = (seen: readonly Seen[]): ReadonlySet<string> => {
    const byCall = new Map<string, string[]>();
    for (const one of seen) {
      if (one.upward === upward) byCall.set(one.callId, [...(byCall.get(one.callId) ?? []), one.payload]);
    }
    return new Set([...byCall.values()].map((payloads) => payloads.join('\n')));
  };
  const there = lists(wan);
  return [...lists(lan)].filter((list) => !there.has(list));
}
