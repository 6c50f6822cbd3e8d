import { setTimeout as pause } from 'node:timers/promises';
import { CLEAN_PATH } from '../../fax/lossy-path.ts';
import { type RealFaxOutcome, realFax } from './real-fax.ts';
import { FAX_PROCESS } from './real-rows.ts';
import { buildPrograms } from './soft-rows.ts';
import type { VoiceHeard } from './voice-heard.ts';
import { openVoicePath, stayOnFirstCore } from './voice-path.ts';

export type BesideVoice = {
  readonly faxes: readonly RealFaxOutcome[];
  /** The same call before the faxes and during them. */
  readonly without: VoiceHeard;
  readonly during: VoiceHeard;
};

type Wish = {
  /** Of voice alone. */
  readonly seconds: number;
  readonly pages: number;
  readonly lines?: number;
  readonly ecm: boolean;
};

/**
 * One fax each way at once, in real time, with all that belongs to them on the first core, where the kernel carries a call as well.
 * Only inside a sandbox.
 */
export async function besideVoice({ seconds, ...wish }: Wish): Promise<BesideVoice> {
  const { programs, clear } = buildPrograms();
  await stayOnFirstCore();
  const voice = await openVoicePath();
  const fax = (machine: 'sends' | 'receives'): Promise<RealFaxOutcome> =>
    realFax({
      ...{ ...wish, programs, machine, entry: FAX_PROCESS, path: CLEAN_PATH },
      ...{ seed: 1, redundancy: 3, repeats: false },
    });
  try {
    await pause(SETTLED_MS);
    await voice.mark();
    await pause(seconds * 1_000);
    const without = await voice.take();
    await voice.mark();
    const faxes = await Promise.all([fax('sends'), fax('receives')]);
    return { faxes, without, during: await voice.take() };
  } finally {
    await voice.close();
    clear();
  }
}

/** The first packets find neighbors that do not know each other yet. */
const SETTLED_MS = 500;
