import { describe, expect, it } from 'vitest';
import { millis, seconds } from '../../../../agent/model/units.ts';
import { SIGNAL } from '../../../../firmware-ts/devices/at/commands.ts';
import { createDialogue } from '../../../../firmware-ts/devices/at/dialogue.ts';
import { createAtModem, type Misbehavior } from '../../../../hw-sim/devices/at-modem.ts';
import { createMemoryCable } from '../../../../hw-sim/devices/memory-wires.ts';
import { createSimClock } from '../../../../hw-sim/site/sim-clock.ts';
import { answerWithin, letPass } from '../../let-pass.ts';

const GOOD = { rssiDbm: -73, bitErrorClass: undefined };

async function talk() {
  const clock = createSimClock(millis(0));
  const cable = createMemoryCable();
  const modem = createAtModem(cable.end);
  const dialogue = createDialogue(await cable.open(), clock);
  const ask = () => answerWithin(clock, seconds(3), dialogue.ask(SIGNAL, seconds(2)));
  return { clock, cable, modem, dialogue, ask };
}

const onSignal =
  (pieces: (truth: () => string) => readonly string[]): Misbehavior =>
  (line, truth) =>
    line === 'AT+CSQ' ? pieces(truth) : undefined;

describe('a dialogue with a modem', () => {
  const hardships: readonly [string, Misbehavior][] = [
    ['that answers at once', () => undefined],
    ['that answers byte by byte', onSignal((truth) => [...truth()])],
    ['that speaks of other things first', onSignal((truth) => ['\r\n+CREG: 1\r\n', '\r\nRING\r\n', truth()])],
    ['in a storm of 10,000 reports', onSignal((truth) => [...Array(10_000).fill('\r\n^RSSI:15\r\n'), truth()])],
    ['behind a noisy line', onSignal((truth) => ['\0\xff\xfe+CS', '\r\n\x80\x81\r\n', truth()])],
    [
      'that reports between its answer and its result',
      onSignal(() => ['\r\n+CSQ: 20,99\r\n\r\n+CREG: 1\r\n\r\nOK\r\n']),
    ],
  ];
  it.each(hardships)('%s', async (_, misbehavior) => {
    const { modem, ask } = await talk();
    modem.teach(misbehavior);
    expect(await ask()).toEqual(GOOD);
  });

  it('goes on without echo', async () => {
    const { modem, ask } = await talk();
    modem.set({ echo: false });
    expect(await ask()).toEqual(GOOD);
  });

  it('ends with modem.silent after the patience, not before', async () => {
    const { clock, modem, dialogue } = await talk();
    modem.teach(onSignal(() => []));
    let failure: unknown;
    dialogue.ask(SIGNAL, seconds(2)).catch((error: unknown) => {
      failure = error;
    });
    await letPass(clock, millis(1_950));
    expect(failure).toBeUndefined();
    await letPass(clock, millis(50));
    expect(failure).toMatchObject({ code: 'modem.silent', context: { command: 'AT+CSQ' } });
  });

  const refusals = ['\r\nERROR\r\n', '\r\n+CME ERROR: 10\r\n'];
  it.each(refusals)('ends with modem.refused on %j', async (text) => {
    const { modem, ask } = await talk();
    modem.teach(onSignal(() => [text]));
    await expect(ask()).rejects.toMatchObject({ code: 'modem.refused', context: { why: text.trim() } });
  });

  it('does not take the late end of an answer that was given up for the answer to the next question', async () => {
    const { clock, modem, dialogue, ask } = await talk();
    const forget = modem.teach(onSignal(() => []));
    await expect(ask()).rejects.toMatchObject({ code: 'modem.silent' });
    forget();
    modem.teach(onSignal((truth) => ['\r\nOK\r\n', truth()]));
    expect(await answerWithin(clock, seconds(3), dialogue.ask(SIGNAL, seconds(2)))).toEqual(GOOD);
  });

  it('asks one question at a time', async () => {
    const { clock, modem, dialogue } = await talk();
    const heard: string[] = [];
    modem.teach((line) => {
      heard.push(line);
      return heard.length === 1 ? [] : undefined;
    });
    const first = dialogue.ask(SIGNAL, seconds(2));
    const second = dialogue.ask(SIGNAL, seconds(2));
    first.catch(() => undefined);
    await letPass(clock, seconds(1));
    expect(heard).toEqual(['AT+CSQ']);
    await expect(answerWithin(clock, seconds(2), first)).rejects.toMatchObject({ code: 'modem.silent' });
    expect(await answerWithin(clock, seconds(2), second)).toEqual(GOOD);
  });

  it('ends at once when the line is lost', async () => {
    const { clock, cable, modem, dialogue } = await talk();
    modem.teach(onSignal(() => []));
    const question = dialogue.ask(SIGNAL, seconds(2));
    question.catch(() => undefined);
    await letPass(clock, millis(50));
    cable.unplug();
    await expect(answerWithin(clock, millis(50), question)).rejects.toMatchObject({ code: 'modem.silent' });
    await expect(dialogue.ask(SIGNAL, seconds(2))).rejects.toMatchObject({ code: 'modem.silent' });
  });
});
