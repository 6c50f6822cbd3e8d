import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHttpsPost } from '../agent/edge/https-post.ts';
import { openSwapJournal, SWAP_JOURNAL_FILE } from '../agent/edge/swap-journal-file.ts';
import { systemClock } from '../agent/edge/system-clock.ts';
import type { Progress } from '../agent/machines/swap/step.ts';
import { swapWords } from '../agent/machines/swap/words.ts';
import { type SimOrder, SimOrderSchema } from '../agent/model/sim-swap.ts';
import { seconds } from '../agent/model/units.ts';
import { createLocalProfiles, type LocalProfiles } from '../agent/runtime/local-profiles.ts';
import { createSwapDesk } from '../agent/runtime/swap-desk.ts';
import { readActivationCode } from '../agent/uicc/activation-code.ts';
import { getProfiles, type InstalledProfile } from '../agent/uicc/es10/profiles.ts';
import type { DownloadOrder } from '../agent/uicc/lpa/download-state.ts';
import { createApduChannel } from './devices/apdu-channel.ts';
import { IMEI } from './devices/at/commands/identity.ts';
import { answered, type Modem } from './devices/modem.ts';
import { createSimModem } from './devices/sim-modem.ts';

export type SwapOptions = {
  readonly state?: string | undefined;
  readonly slot?: string | undefined;
  readonly profile?: string | undefined;
  readonly apn?: string | undefined;
  readonly roots?: string | undefined;
  readonly reason: string;
  readonly by: string;
};

/** What is ordered, or what is wrong with it. `code`: the activation code of a download, from standard input. */
type Wish = { readonly order: SimOrder; readonly code?: string; readonly confirmation?: string | undefined };

export function readWish(word: string, iccid: string | undefined, options: SwapOptions): Wish | string {
  const { slot, profile, apn, reason, by } = options;
  const named = word === 'enable' ? iccid : profile;
  if (word === 'enable' && named === undefined) return 'enable wants the ICCID of a profile: see "relais sim list"';
  if (word === 'download' && (slot ?? profile) !== undefined)
    return 'download installs on the eUICC in use: leave --slot and --profile out';
  const target =
    word === 'download'
      ? { by: 'download' }
      : named !== undefined
        ? { by: 'profile', iccid: named, ...(slot !== undefined && { slot: Number(slot) }) }
        : slot === undefined
          ? undefined
          : { by: 'slot', slot: Number(slot) };
  const read = SimOrderSchema.safeParse({
    ...{ id: randomUUID(), reason, by },
    ...(target === undefined ? {} : { target }),
    ...(apn === undefined ? {} : { accessPoint: apn }),
  });
  if (!read.success) return read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n');
  return { order: read.data };
}

/** Changes the card by the same engine as the agent, and says each step. @returns the status of the command */
export async function runSwap(modem: Modem, wish: Wish, options: SwapOptions): Promise<number> {
  const { state, roots } = options;
  if (state === undefined)
    return refused('--state is missing: the state directory of the box, for the journal of the swap');
  const download = wish.code === undefined ? undefined : await downloadOrder(modem, wish.code, wish.confirmation);
  if (typeof download === 'string') return refused(download);
  mkdirSync(state, { recursive: true });
  const profiles = profilesOf(modem, roots);
  let last: Progress | undefined;
  const desk = createSwapDesk({
    hands: {
      modem: createSimModem(modem),
      profiles,
      downloading: {
        consent(metadata, answer) {
          say(`  profile ${metadata.iccid} of ${metadata.provider}: ${metadata.name}`);
          answer(undefined);
        },
        moved: (at) => say(`  ${at}`),
      },
    },
    journal: openSwapJournal(join(state, SWAP_JOURNAL_FILE)),
    clock: systemClock(),
    // The record belongs to the agent: it takes the reports out of the journal at its next start.
    record: (_, done) => done('later'),
    told(news) {
      last = news;
      say(swapWords(news));
    },
    damaged: () => say('the journal of swaps could not be read; nothing is known of a swap before this one'),
  });
  await new Promise<void>((done) => desk.whenQuiet(done));
  desk.order(wish.order, download && { download });
  await new Promise<void>((done) => desk.whenQuiet(done));
  desk.stop();
  const isWell = last?.step === 'ended' && ['swapped', 'barred', 'reopened'].includes(last.outcome);
  return isWell ? 0 : 1;
}

/** The profiles of an eUICC; undefined where the card in use is none. */
export const readProfiles = (modem: Modem): Promise<readonly InstalledProfile[] | undefined> =>
  new Promise((done) =>
    profilesOf(modem, undefined).ask(getProfiles(), (heard) => done('value' in heard ? heard.value : undefined)),
  );

export const printProfiles = (profiles: readonly InstalledProfile[]): string =>
  profiles
    .map(
      ({ iccid, isEnabled, provider, name, nickname }) =>
        `profile ${iccid}  ${isEnabled ? 'enabled ' : 'disabled'}  ${plain([provider, nickname || name].join(', '))}\n`,
    )
    .join('');

function profilesOf(modem: Modem, roots: string | undefined): LocalProfiles {
  const trusted = roots === undefined ? [] : [readFileSync(roots, 'utf8')];
  const https = createHttpsPost({ roots: trusted, patience: seconds(60) });
  return createLocalProfiles({ channel: createApduChannel(modem.ask), https, clock: systemClock() });
}

async function downloadOrder(
  modem: Modem,
  text: string,
  confirmation: string | undefined,
): Promise<DownloadOrder | string> {
  const code = readActivationCode(text);
  if (!code.ok) return code.wrong;
  const { server, matchingId, serverOid, needsConfirmation } = code.value;
  if (server === '') return 'activation code: names no server; ask the operator for a whole one';
  if (needsConfirmation && !confirmation) return 'the code wants a confirmation code: give it as the second line';
  const imei = answered(await modem.ask(IMEI));
  return {
    ...{ server, matchingId, serverOid, confirmationCode: confirmation || undefined },
    ...{ device: { tac: imei?.slice(0, 8) ?? '35000000', imei }, retries: 3, pause: seconds(10) },
  };
}

function refused(why: string): number {
  process.stderr.write(`${why}\n`);
  return 64;
}

const say = (text: string): void => {
  process.stdout.write(`${plain(text)}\n`);
};

/** Names come from operators: what could steer a terminal is not printed. */
const plain = (word: string): string => word.replace(/[^\x20-\x7e]/g, '?');
