import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CodedPage, Page } from '../../../../agent/fax/page/page-format.ts';
import { readTiff } from '../../../../agent/fax/page/read-tiff.ts';
import {
  type FaxOutcome,
  type FaxTally,
  startReceiving,
  startSending,
} from '../../../../agent/fax/terminal/terminal-state.ts';
import { millis, seconds } from '../../../../agent/model/units.ts';
import { createTerminalCall } from '../../../../agent/runtime/fax-terminal-call.ts';
import { createTurns } from '../../../../agent/runtime/turns.ts';
import { createPlainUdptl } from '../../../../hw-sim/bench/fax/plain-udptl.ts';
import { startTerminal, type TerminalAnswer } from '../../../../hw-sim/bench/fax/spandsp-terminal.ts';
import { createLossyPath, type PathRules } from '../../../../hw-sim/fax/lossy-path.ts';
import { seededFractions } from '../../../../hw-sim/kernel/seeded-random.ts';
import { createSimClock } from '../../../../hw-sim/site/sim-clock.ts';

export type SpandspFax = {
  readonly program: string;
  readonly ours: 'sends' | 'receives';
  readonly ecm: boolean;
  readonly document: readonly Page[];
  /** The document as a file, for a terminal of libspandsp that sends. */
  readonly tiff: Uint8Array;
  readonly path: PathRules;
  readonly seed: number;
};

export type SpandspResult = {
  readonly result: number;
  readonly outcome: FaxOutcome | undefined;
  readonly tally: FaxTally | undefined;
  readonly confirmed: number;
  readonly taken: readonly CodedPage[];
  readonly theirs: readonly Page[];
};

const STEP = millis(20);
const LONGEST = seconds(900);

/** A fax between our terminal, with its T.38 sender and receiver, and one of libspandsp with redundancy 3, in simulated time. */
export function faxWithSpandsp(wish: SpandspFax): SpandspResult {
  const folder = mkdtempSync(join(tmpdir(), 'relais-fax-'));
  writeFileSync(join(folder, 'page.tif'), wish.tiff);
  const terminal = startTerminal(wish.program, folder, wish.ours === 'sends' ? 'receive' : 'send', wish);
  try {
    const clock = createSimClock(millis(0));
    const chance = seededFractions(wish.seed);
    const [there, back] = [createLossyPath(wish.path, chance), createLossyPath(wish.path, chance)];
    const peer = createPlainUdptl(3);
    let last: TerminalAnswer = { words: [], result: -1, pages: 0 };
    const taken: CodedPage[] = [];
    const end: { outcome?: FaxOutcome; tally?: FaxTally } = {};
    let confirmed = 0;
    const call = createTerminalCall({
      clock,
      turns: createTurns(),
      terminal: wish.ours === 'sends' ? startSending(wish.document) : startReceiving(),
      rules: { stationId: '+33 4 00 00 00 02', ecm: wish.ecm },
      keep: (page, coded, _tally, done) => {
        taken[page - 1] = coded;
        clock.after(millis(20), () => done(true));
      },
      answered: () => undefined,
      pageConfirmed: (pages) => {
        confirmed = pages;
      },
      over: (outcome, tally) => Object.assign(end, { outcome, tally }),
    });
    const spoken = (answer: TerminalAnswer): void => {
      last = answer;
      for (const { octets } of answer.words) {
        const datagram = peer.say(octets);
        for (const time of back.carry(clock.mono())) clock.after(time, () => call.hear({ on: 'heard', datagram }));
      }
    };
    const send = (datagram: Uint8Array): void => {
      for (const time of there.carry(clock.mono()))
        clock.after(time, () => {
          for (const { sequence, octets } of peer.hear(datagram)) spoken(terminal.hear(sequence, octets));
        });
    };
    const nothing = (): void => undefined;
    call.begin({
      id: 'a',
      line: '+33123456789',
      peer: undefined,
      answer: nothing,
      refuse: nothing,
      turnToFax: nothing,
      hangUp: nothing,
      send,
    });
    call.hear({ on: 'answered' });
    call.hear({ on: 'fax-opened', terms: { version: 0, maxBitRate: 14_400, largest: 1_400, repair: 'secondaries' } });
    while (!(end.outcome !== undefined && last.result >= 0) && clock.mono() < LONGEST) {
      spoken(terminal.step());
      clock.advance(STEP);
    }
    const theirs = wish.ours === 'sends' ? (readTiff(readFileSync(join(folder, 'received.tif'))).pages ?? []) : [];
    return { result: last.result, outcome: end.outcome, tally: end.tally, confirmed, taken, theirs };
  } finally {
    terminal.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
