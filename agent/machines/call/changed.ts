import type { LedgerEvent } from '../../model/record.ts';
import type { Answer, At, Talk } from './words.ts';

/** Adds a record to a step that changed what only the messages of the call say: a restart could not know it (U-1). */
export function told(before: At<'talking'>, [after, effects]: Answer): Answer {
  if (after.at !== 'talking' || isSame(before, after)) return [after, effects];
  return [after, [...effects, { do: 'record', event: changed(after) }]];
}

const isSame = (one: Talk, other: Talk): boolean =>
  one.media?.address === other.media?.address &&
  one.media?.port === other.media?.port &&
  one.forks?.length === other.forks?.length &&
  one.leftForks?.length === other.leftForks?.length;

const changed = ({ facts, dialog, media, forks = [], leftForks = [] }: Talk): LedgerEvent => ({
  kind: 'call-changed',
  call: facts.call,
  dialog,
  media: media ?? null,
  forks: [...forks],
  leftForks: [...leftForks],
});
