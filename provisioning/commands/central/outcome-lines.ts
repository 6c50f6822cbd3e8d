import { microEuro, ticks } from '../../../agent/model/units.ts';
import type { Outcome } from '../../central/exports/take-export.ts';
import type { Span, Tally } from '../../central/exports/tally.ts';

type Handled = Exclude<Outcome, { so: 'refused' }>;

/** What became of an export, for a person. */
export function outcomeLines(file: string, outcome: Outcome, dryRun: boolean): readonly string[] {
  if (outcome.so === 'refused') return refusedLines(file, outcome);
  const { whose, tally, held, lacking, behind } = outcome;
  const { account, device, epoch } = whose;
  return [
    `${file}: epoch ${epoch} of ${device}, account ${account}`,
    holdsLine(outcome),
    `already here, byte for byte: ${tally.same} records`,
    `${dryRun ? 'would be taken' : 'taken'}: ${takenWords(tally)}`,
    ...(tally.countersigned.length === 0
      ? []
      : [`${dryRun ? 'would be countersigned' : 'countersigned'}: checkpoints over ${tally.countersigned.join(', ')}`]),
    ...forkLines(outcome, dryRun),
    ...(lacking === undefined
      ? []
      : [`MISSING: ${spanWords(lacking)}; ${behind} records behind them are not taken before those are there`]),
    `the central ${dryRun ? 'would hold' : 'holds'} ${held} records of this epoch; its box learns that when it greets`,
  ];
}

function refusedLines(file: string, { whose, bad, would }: Extract<Outcome, { so: 'refused' }>): readonly string[] {
  const where = [
    bad.record === undefined ? undefined : `record ${bad.record}`,
    bad.line === undefined ? undefined : `line ${bad.line}`,
    `field ${bad.field}`,
  ].filter((one) => one !== undefined);
  return [
    `${file}: refused; nothing of it was taken${whose === undefined ? '' : ` (epoch ${whose.epoch} of ${whose.device})`}`,
    `  ${where.join(', ')}: ${bad.says}`,
    `  remedy: ${bad.remedy}`,
    `  without that, of what stands before it would have been taken: ${takenWords(would)}; already here: ${would.same} records`,
  ];
}

function holdsLine({ file }: Handled): string {
  const seen = file.seen.map(spanWords).join('; ') || 'none';
  const missing = file.missing.length === 0 ? '' : `; missing in it: ${file.missing.map(spanWords).join('; ')}`;
  return `holds: ${file.records} records (${file.erased} erased), ${file.checkpoints} checkpoints, countersigned: ${seen}${missing}`;
}

function forkLines({ tally: { stopped }, forkedAt }: Handled, dryRun: boolean): readonly string[] {
  const kept = dryRun ? 'would be kept as evidence' : 'kept as evidence';
  return [
    ...(stopped === undefined || stopped.why === 'gap'
      ? []
      : [
          `FORKED: record ${stopped.seq} is not the one that the central holds or goes on from; from there on nothing is taken`,
        ]),
    ...(forkedAt === undefined
      ? []
      : [`FORKED: the box signed another history of ${forkedAt} records; both sides are ${kept}`]),
  ];
}

const takenWords = ({ taken, charges, ticks: amount }: Tally): string =>
  taken === undefined
    ? 'no record'
    : `${spanWords(taken)} (${taken.to - taken.from + 1}), ${charges} charges, ${microEuro(ticks(amount))} micro-euro`;

const spanWords = ({ from, to }: Span): string => (from === to ? `record ${from}` : `records ${from} to ${to}`);

/** The same for a program: null where there is nothing. */
export function outcomeJson(file: string, outcome: Outcome, dryRun: boolean): object {
  const base = { file, dryRun, so: outcome.so };
  if (outcome.so === 'refused') {
    const { whose, bad, would } = outcome;
    const { record = null, line = null, ...rest } = bad;
    return { ...base, whose: whose ?? null, bad: { record, line, ...rest }, would: tallyJson(would) };
  }
  const { whose, file: holds, tally, held, lacking, behind, forkedAt } = outcome;
  const { records, erased, checkpoints, seen, missing } = holds;
  return {
    ...base,
    whose,
    holds: { records, erased, checkpoints, countersigned: seen, missing },
    tally: tallyJson(tally),
    held,
    lacking: lacking ?? null,
    behind,
    forkedAt: forkedAt ?? null,
  };
}

const tallyJson = ({ taken, stopped, ...tally }: Tally): object => ({
  ...tally,
  taken: taken ?? null,
  stopped: stopped ?? null,
});
