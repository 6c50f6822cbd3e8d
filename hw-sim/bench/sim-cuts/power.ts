import type { ByteEnd } from '../../devices/byte-end.ts';

/** Where power goes: at the n-th thing that is said to the modem or written down; before it, or before its answer. */
export type Cut = {
  readonly at: number;
  readonly who: 'box' | 'modem' | 'both';
  readonly when: 'before' | 'after';
};

/** The mains: counts what is done, and fails at one of them. */
export function createPower() {
  let count = 0;
  let cut: Cut | undefined;
  let fail: (who: Cut['who']) => void = () => undefined;
  let isMute = false;
  /** Does it, then lets its answer be heard, unless power fails before or in between. */
  function point(does: () => void, heard: () => void): void {
    count += 1;
    if (count !== cut?.at) {
      does();
      return heard();
    }
    const { who, when } = cut;
    isMute = true;
    if (when === 'after') does();
    isMute = false;
    fail(who);
  }
  /** The box lives on where only the modem loses power: what it writes down is written. */
  function writes(does: () => void, heard: () => void): void {
    if (cut?.at !== count + 1 || cut.who !== 'modem') return point(does, heard);
    count += 1;
    does();
    fail('modem');
    heard();
  }
  return {
    writes,
    count: () => count,
    cutAt(where: Cut | undefined): void {
      cut = where;
      count = 0;
    },
    cuts(then: typeof fail): void {
      fail = then;
    },
    /** Every line that the box says to the modem is such a thing. */
    through: (end: ByteEnd): ByteEnd => ({
      say: (bytes) => (isMute ? undefined : end.say(bytes)),
      hear(listener) {
        let typed: number[] = [];
        end.hear((bytes) => {
          for (const byte of bytes) {
            typed.push(byte);
            if (byte !== 0x0d) continue;
            const line = Uint8Array.from(typed);
            typed = [];
            point(
              () => listener(line),
              () => undefined,
            );
          }
        });
      },
    }),
  };
}
