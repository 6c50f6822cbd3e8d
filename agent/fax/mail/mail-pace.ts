/** X-6, as the regime has it; absent limits do not bind. Mails go one a connection and to one recipient each. */
export type MailLimits = {
  readonly connectionsPerSecond?: number | undefined;
  readonly distinctRecipientsPerWeek?: number | undefined;
};

/** When an address last got a mail, Unix ms. */
export type Mailed = Readonly<Record<string, number>>;

const SECOND = 1_000;
export const WEEK = 7 * 86_400_000;

/**
 * The earliest instant, not before `now`, at which a mail to that address may go (X-6: imesit Internet 3.2, cmi Internet 2). The week
 * is any seven days, which also holds for a week of the calendar.
 */
export function nextMailAt(mailed: Mailed, to: string, limits: MailLimits, now: number): number {
  const { connectionsPerSecond, distinctRecipientsPerWeek } = limits;
  const last = Math.max(...Object.values(mailed), 0);
  // Evenly spaced: more a second never come together, whoever they are for.
  const spacing = connectionsPerSecond === undefined ? 0 : Math.ceil(SECOND / connectionsPerSecond);
  const bySecond = Math.max(now, Math.min(last, now) + spacing);
  const others = Object.entries(mailed).filter(([address, at]) => address !== to && at > bySecond - WEEK);
  if (distinctRecipientsPerWeek === undefined || others.length < distinctRecipientsPerWeek) return bySecond;
  const leaving = others.map(([, at]) => at).toSorted((a, b) => b - a)[distinctRecipientsPerWeek - 1];
  return leaving === undefined ? bySecond : Math.max(bySecond, leaving + WEEK);
}

/** What is worth remembering, with a mail that goes now. */
export const withMailed = (mailed: Mailed, to: string, now: number): Mailed => ({
  ...Object.fromEntries(Object.entries(mailed).filter(([, at]) => at > now - WEEK)),
  [to]: now,
});
