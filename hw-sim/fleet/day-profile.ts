/** Share of a business's calls in each hour of its day: the two peaks of French offices, nearly nothing at night. */
const HOURS = [0, 0, 0, 0, 0, 0, 1, 3, 9, 13, 13, 11, 6, 5, 11, 12, 11, 9, 5, 2, 1, 0, 0, 0] as const;
const TOTAL = HOURS.reduce<number>((sum, share) => sum + share, 0);
/** The highest hour against the mean of the day: what a cell must carry is this times the daily total / 86,400. */
export const PEAK_TO_MEAN = (Math.max(...HOURS) * HOURS.length) / TOTAL;

/** One event of a fleet's day. */
export type DayEvent = {
  readonly at: number;
  readonly device: number;
  readonly call: number;
  readonly what: 'admit' | 'answer' | 'end';
};

type DaySettings = {
  readonly devices: number;
  readonly calls: number;
  readonly milliseconds: number;
  readonly dice: () => number;
};

/** Every call of every device in one day, compressed into that many milliseconds; a call takes a 200th of the day. */
export function planDay({ devices, calls, milliseconds, dice }: DaySettings): readonly DayEvent[] {
  const events: DayEvent[] = [];
  for (let device = 0; device < devices; device += 1) {
    const starts = Array.from({ length: calls }, () => placeInDay(dice) * milliseconds).toSorted((a, b) => a - b);
    for (const [call, at] of starts.entries()) {
      const length = (milliseconds / 200) * (0.2 + dice());
      events.push({ at, device, call, what: 'admit' });
      events.push({ at: at + length / 5, device, call, what: 'answer' });
      events.push({ at: at + length, device, call, what: 'end' });
    }
  }
  return events.sort((one, other) => one.at - other.at);
}

/** A moment of the day in [0, 1). */
function placeInDay(dice: () => number): number {
  let rest = dice() * TOTAL;
  for (const [hour, share] of HOURS.entries()) {
    if (rest < share) return (hour + rest / share) / HOURS.length;
    rest -= share;
  }
  return 0;
}
