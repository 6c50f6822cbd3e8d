import { microEuro, ticks } from '../../../agent/model/units.ts';
import type { Report } from '../../central/report.ts';
import type { ReportedHealth, ReportedSuspension } from '../../central/report-health.ts';

/** The report for a person. `now` (Unix ms): how old what is known of a device is. */
export const reportLines = (report: Report, now: number): readonly string[] => [
  ...report.accounts.map(
    ({ account, capMicroEuro, cycle }) => `account ${account}: cap ${capMicroEuro} micro-euro, cycle ${cycle}`,
  ),
  ...report.devices.map(
    (d) =>
      `device ${d.device}: ${d.received} records, ${d.charges} charges, ${microEuro(ticks(d.ticks))} micro-euro; ` +
      `granted ${microEuro(ticks(d.grantedTicks))} micro-euro and ${d.grantedBundleSeconds} s, ` +
      `returned ${microEuro(ticks(d.returnedTicks))} micro-euro and ${d.returnedBundleSeconds} s`,
  ),
  ...report.health.flatMap((one) => healthLines(one, now)),
  ...report.suspensions.map(suspensionLine),
  ...report.charges.map(
    (c) =>
      `charge ${c.device} ${c.seq}: ${c.called} (${c.class}), ${c.bundleSeconds} s of the bundle, ${c.paidSeconds} s paid, ` +
      `${microEuro(ticks(c.ticks))} micro-euro, ${c.rule}, ${c.article}${c.held ? ', held back: disputed record' : ''}`,
  ),
];

function healthLines(health: ReportedHealth, now: number): readonly string[] {
  const { device, lastHeardAt, backlog, countersigned, setAsideStores, forks, disputed, troubles } = health;
  const signed = countersigned === null ? 'never' : `up to ${countersigned.size}, ${age(now - countersigned.at)} ago`;
  const heard = lastHeardAt === null ? 'never heard of' : `last heard of ${age(now - lastHeardAt)} ago`;
  return [
    `device ${device}: ${heard}; backlog ${backlog} records; countersigned ${signed}`,
    ...(setAsideStores > 0 ? [`  ${setAsideStores} stores set aside as damaged: have them read on the box`] : []),
    ...(disputed ? ['  disputed: it wrote of credit that it was not given; what it returns is not believed'] : []),
    ...forks.map(({ epoch, size, at }) => `  forked: two histories of epoch ${epoch} at ${size} (${iso(at)})`),
    ...troubles.map(
      ({ kind, count, what, firstAt, lastAt }) =>
        `  ${kind.replaceAll('-', ' ')}: ${count} times from ${iso(firstAt)} to ${iso(lastAt)}; the last: ${what}`,
    ),
  ];
}

function suspensionLine({
  id,
  account,
  line,
  device,
  scope,
  reason,
  by,
  from,
  lifted,
  terminationFrom,
}: ReportedSuspension): string {
  const what = `suspension ${id}: ${line ?? device ?? account}, ${scope}, ${reason}, by ${by}, from ${iso(from)}`;
  if (lifted !== undefined) return `${what}; lifted by ${lifted.by} on ${iso(lifted.at)}`;
  return terminationFrom === undefined ? what : `${what}; the contract may be ended from ${iso(terminationFrom)}`;
}

const MINUTE = 60_000;

/** Minutes to two hours, hours to two days, then days. */
function age(millis: number): string {
  const minutes = Math.max(0, Math.floor(millis / MINUTE));
  if (minutes < 120) return `${minutes} min`;
  return minutes < 2_880 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1_440)} days`;
}

const iso = (instant: number): string => new Date(instant).toISOString();
