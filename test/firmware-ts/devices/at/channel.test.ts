import { describe, expect, it } from 'vitest';
import { millis, seconds } from '../../../../agent/model/units.ts';
import { createAtChannel } from '../../../../firmware-ts/devices/at/channel.ts';
import type { AtNews } from '../../../../firmware-ts/devices/at/channel-state.ts';
import { order } from '../../../../firmware-ts/devices/at/command.ts';
import { sendApdu } from '../../../../firmware-ts/devices/at/commands/apdu.ts';
import { IDENTIFICATION, IMSI } from '../../../../firmware-ts/devices/at/commands/identity.ts';
import { STORED_MESSAGES, sendPdu } from '../../../../firmware-ts/devices/at/commands/messages.ts';
import { enterPin, PIN_STATE } from '../../../../firmware-ts/devices/at/commands/pin.ts';
import { registrationIn } from '../../../../firmware-ts/devices/at/commands/registration.ts';
import { SIGNAL } from '../../../../firmware-ts/devices/at/commands/signal.ts';
import { createAtModem, type Misbehavior } from '../../../../hw-sim/devices/at-modem.ts';
import { createCard } from '../../../../hw-sim/devices/at-modem-state.ts';
import { createMemoryCable } from '../../../../hw-sim/devices/memory-wires.ts';
import { createSimClock } from '../../../../hw-sim/site/sim-clock.ts';
import { answerWithin, letPass } from '../../let-pass.ts';

const GOOD = { at: 'answered', value: { rssiDbm: -73, bitErrorClass: undefined } };

function talk() {
  const clock = createSimClock(millis(0));
  const cable = createMemoryCable();
  const modem = createAtModem(cable.end);
  const channel = createAtChannel(cable.open, clock);
  const news: AtNews[] = [];
  channel.listen((one) => news.push(one));
  const heard: string[] = [];
  modem.teach((line) => {
    heard.push(line);
    return undefined;
  });
  const within = <T>(answer: Promise<T>) => answerWithin(clock, seconds(10), answer);
  const reports = () => news.flatMap((one) => (one.on === 'urc' ? [one.line] : []));
  return { clock, cable, modem, channel, news, heard, within, reports, signal: () => within(channel.ask(SIGNAL)) };
}

const on =
  (command: string, pieces: (truth: () => string) => readonly string[]): Misbehavior =>
  (line, truth) =>
    line === command ? pieces(truth) : undefined;
const onSignal = (pieces: (truth: () => string) => readonly string[]) => on('AT+CSQ', pieces);

describe('an AT channel with a modem', () => {
  const hardships: readonly [string, Misbehavior, readonly string[]][] = [
    ['that answers at once', () => undefined, []],
    ['that answers byte by byte', onSignal((truth) => [...truth()]), []],
    [
      'that speaks of other things first',
      onSignal((truth) => ['\r\n+CREG: 1\r\n', '\r\nRING\r\n', truth()]),
      ['+CREG: 1', 'RING'],
    ],
    [
      'in a storm of 10,000 reports',
      onSignal((truth) => [...Array(10_000).fill('\r\n^RSSI:15\r\n'), truth()]),
      Array(10_000).fill('^RSSI:15'),
    ],
    ['behind a noisy line', onSignal((truth) => ['\0\xff\xfe+CS', '\r\n\x80\x81\r\n', truth()]), []],
    [
      'that reports between its answer and its result',
      onSignal(() => ['\r\n+CSQ: 20,99\r\n\r\n+CREG: 1\r\n\r\nOK\r\n']),
      ['+CREG: 1'],
    ],
  ];
  it.each(hardships)('%s', async (_, misbehavior, reports) => {
    const bench = talk();
    await bench.signal();
    bench.modem.teach(misbehavior);
    expect(await bench.signal()).toEqual(GOOD);
    expect(bench.reports()).toEqual(reports);
  });

  it('orders silence and numbered errors first, once, and again after a restart that says nothing', async () => {
    const { modem, heard, signal, news } = talk();
    await signal();
    expect(heard).toEqual(['AT+CMEE?', 'ATE0', 'AT+CMEE=1', 'AT+CSQ']);
    await signal();
    expect(heard.slice(4)).toEqual(['AT+CSQ']);
    modem.set({ echo: true, errors: 0 });
    await signal();
    await signal();
    expect(heard.slice(5)).toEqual(['AT+CSQ', 'ATE0', 'AT+CMEE=1', 'AT+CSQ']);
    expect(news.map((one) => one.on)).toEqual(['restarted']);
  });

  it('is not taken in by a modem that keeps its echo whatever is ordered', async () => {
    const { modem, heard, signal, news } = talk();
    modem.teach(on('ATE0', () => ['\r\nOK\r\n']));
    await signal();
    heard.length = 0;
    expect(await signal()).toEqual(GOOD);
    expect(await signal()).toEqual(GOOD);
    expect(heard).toEqual(['AT+CSQ', 'AT+CSQ']);
    expect(news).toEqual([]);
  });

  it('is told refusals by number, and by word where the modem says words', async () => {
    const { modem, channel, within } = talk();
    modem.set({ simInserted: false });
    expect(await within(channel.ask(IMSI))).toMatchObject({ at: 'refused', refusal: { by: 'cme', code: 10 } });
    modem.teach(on('AT+CIMI', () => ['\r\n+CME ERROR: SIM busy\r\n']));
    expect(await within(channel.ask(IMSI))).toMatchObject({ at: 'refused', refusal: { by: 'cme', code: 14 } });
    modem.teach(on('AT+CIMI', () => ['\r\n+CMS ERROR: 310\r\n']));
    expect(await within(channel.ask(IMSI))).toMatchObject({ at: 'refused', refusal: { by: 'cms', code: 310 } });
    modem.teach(on('AT+CIMI', () => ['\r\nERROR\r\n']));
    expect(await within(channel.ask(IMSI))).toMatchObject({ at: 'refused', refusal: { by: 'plain', code: undefined } });
  });

  it('is silent after the patience of the command, not before', async () => {
    const { clock, modem, channel, signal } = talk();
    await signal();
    modem.teach(onSignal(() => []));
    let answer: unknown;
    channel.ask(SIGNAL).then((one) => {
      answer = one;
    });
    await letPass(clock, millis(1_950));
    expect(answer).toBeUndefined();
    await letPass(clock, millis(100));
    expect(answer).toMatchObject({ at: 'silent' });
  });

  it('does not give the late answer of a command that was given up to the next one, not even a bare OK', async () => {
    const { modem, channel, within, signal, news } = talk();
    await signal();
    const forget = modem.teach(onSignal(() => []));
    modem.teach(on('AT+CMEE?', (truth) => ['\r\n+CSQ: 7,7\r\n\r\nOK\r\n', truth()]));
    expect(await signal()).toMatchObject({ at: 'silent' });
    forget();
    modem.teach(on('AT+CFUN=4', () => ['\r\n+CME ERROR: 14\r\n']));
    expect(await within(channel.ask(order('AT+CFUN=4')))).toMatchObject({ at: 'refused' });
    expect(news).toContainEqual({ on: 'stray', line: '+CSQ: 7,7' });
    expect(await signal()).toEqual(GOOD);
  });

  it('does not take the answer to an early probe for the answer to a later one', async () => {
    const { clock, modem, channel, within, signal } = talk();
    await signal();
    modem.teach(onSignal(() => []));
    const late = modem.teach((line) => (line === 'AT+CMEE?' ? [] : undefined));
    modem.teach(on('AT+CSCS?', (truth) => ['\r\n+CMEE: 1\r\n\r\nOK\r\n', truth()]));
    expect(await signal()).toMatchObject({ at: 'silent' });
    await letPass(clock, seconds(1));
    late();
    modem.teach(on('AT+CFUN=4', () => ['\r\nERROR\r\n']));
    expect(await within(channel.ask(order('AT+CFUN=4')))).toMatchObject({ at: 'refused' });
  });

  it('says that the modem is deaf, ends everything that waits, and is back when it answers again', async () => {
    const { modem, channel, within, signal, news } = talk();
    await signal();
    const forget = modem.teach(() => []);
    const answers = within(Promise.all([channel.ask(SIGNAL), channel.ask(IMSI), channel.ask(SIGNAL)]));
    expect(await answers).toMatchObject([
      { at: 'silent', sent: true },
      { at: 'silent', sent: false },
      { at: 'silent', sent: false },
    ]);
    expect(news.map((one) => one.on)).toEqual(['deaf', 'lost']);
    forget();
    expect(await signal()).toEqual(GOOD);
  });

  it('hears a modem that starts up in the middle of a command as news', async () => {
    const { modem, channel, within, signal, news } = talk();
    await signal();
    modem.teach(onSignal(() => []));
    const answer = within(channel.ask(SIGNAL));
    queueMicrotask(() => modem.reset());
    expect(await answer).toMatchObject({ at: 'restarted' });
    expect(news.map((one) => one.on)).toContain('restarted');
  });

  it('says at once that the line is lost, and that there is none', async () => {
    const { clock, cable, modem, channel, signal, within } = talk();
    await signal();
    modem.teach(onSignal(() => []));
    const question = channel.ask(SIGNAL);
    await letPass(clock, millis(50));
    cable.unplug();
    expect(await answerWithin(clock, millis(50), question)).toMatchObject({ at: 'lost' });
    expect(await within(channel.ask(SIGNAL))).toMatchObject({ at: 'lost' });
  });
});

describe('what a modem says unasked', () => {
  const cases: readonly [string, string, string, readonly string[], unknown][] = [
    [
      'a report of +CREG before its answer',
      'CREG',
      '\r\n+CREG: 5\r\n\r\n+CREG: 2,1,"1A","2B",7\r\n',
      ['+CREG: 5'],
      'home',
    ],
    [
      'a long report of +CEREG after its answer',
      'CEREG',
      '\r\n+CEREG: 0,5\r\n\r\n+CEREG: 1,"1A2B","01C3F205",7\r\n',
      ['+CEREG: 1,"1A2B","01C3F205",7'],
      'roaming',
    ],
    ['a report of the other kind', 'CEREG', '\r\n+CREG: 1\r\n\r\n+CEREG: 0,2\r\n', ['+CREG: 1'], 'searching'],
  ];
  it.each(cases)('%s is told apart', async (_, network, text, reports, state) => {
    const bench = talk();
    await bench.signal();
    const command = registrationIn(network as 'CREG');
    bench.modem.teach(on(`AT+${network}?`, () => [`${text}\r\nOK\r\n`]));
    expect(await bench.within(bench.channel.ask(command))).toMatchObject({ at: 'answered', value: { state } });
    expect(bench.reports()).toEqual(reports);
  });

  it('in the words of the answer: the last is the answer, the ones before are reports', async () => {
    const { modem, channel, within, signal, reports } = talk();
    await signal();
    modem.teach(on('AT+CPIN?', () => ['\r\n+CPIN: NOT READY\r\n', '\r\n+CPIN: SIM PIN\r\n', '\r\nOK\r\n']));
    expect(await within(channel.ask(PIN_STATE))).toEqual({ at: 'answered', value: { wants: 'pin' } });
    expect(reports()).toEqual(['+CPIN: NOT READY']);
  });

  it('does not become free text of an answer', async () => {
    const { modem, channel, within, signal, reports, news } = talk();
    await signal();
    modem.teach(
      on('ATI', () => ['\r\nQuectel\r\n\r\nRING\r\n\r\nEC25\r\n\r\n+QIND: "csq",20\r\n\r\n+NEW: 3\r\n\r\nOK\r\n']),
    );
    expect(await within(channel.ask(IDENTIFICATION))).toEqual({ at: 'answered', value: 'Quectel EC25' });
    expect(reports()).toEqual(['RING', '+QIND: "csq",20']);
    expect(news).toContainEqual({ on: 'stray', line: '+NEW: 3' });
  });

  it('with a PDU between a header and its PDU: each header has its own', async () => {
    const { modem, channel, within, signal, news } = talk();
    await signal();
    modem.teach(
      on('AT+CMGL=4', () => ['\r\n+CMGL: 3,0,,4\r\n\r\n+CMT: ,3\r\n00AABBCC\r\n', '0001020304\r\n\r\nOK\r\n']),
    );
    expect(await within(channel.ask(STORED_MESSAGES))).toEqual({
      at: 'answered',
      value: [{ index: 3, kind: 'unread', pdu: '0001020304' }],
    });
    expect(news).toContainEqual({ on: 'urc', line: '+CMT: ,3', body: '00AABBCC' });
  });

  it('with a PDU that never comes is told without it', async () => {
    const { modem, signal, news } = talk();
    await signal();
    modem.say('\r\n+CMT: ,3\r\n\r\nRING\r\n');
    expect(await signal()).toEqual(GOOD);
    expect(news).toEqual([
      { on: 'urc', line: '+CMT: ,3', body: undefined },
      { on: 'urc', line: 'RING', body: undefined },
    ]);
  });
});

describe('several who ask', () => {
  it('go one at a time, the urgent first, and never overtake what is in flight', async () => {
    const { modem, channel, heard, signal, within } = talk();
    await signal();
    heard.length = 0;
    const forget = modem.teach(on('AT+CGMI', () => []));
    const all = [
      channel.ask(order('AT+CGMI', millis(200))),
      channel.ask(order('AT+A')),
      channel.ask(order('AT+B'), { priority: 'message' }),
      channel.ask(order('AT+C'), { priority: 'emergency' }),
      channel.ask(order('AT+D'), { priority: 'swap' }),
      channel.ask(order('AT+E'), { priority: 'message' }),
    ];
    await within(Promise.all(all));
    forget();
    expect(heard).toEqual(['AT+CMEE?', 'AT+C', 'AT+D', 'AT+B', 'AT+E', 'AT+A']);
  });

  it('wait while one holds the channel, emergencies aside', async () => {
    const { clock, channel, heard, signal, within } = talk();
    await signal();
    heard.length = 0;
    const swap = channel.hold();
    const waiting = channel.ask(order('AT+A'));
    await within(channel.ask(order('AT+C'), { priority: 'emergency' }));
    await within(swap.ask(order('AT+D')));
    await letPass(clock, seconds(1));
    expect(heard).toEqual(['AT+C', 'AT+D']);
    swap.release();
    await within(waiting);
    expect(heard).toEqual(['AT+C', 'AT+D', 'AT+A']);
  });

  it('may give up: what waits never goes, what is in flight is cut short and cleaned up', async () => {
    const { clock, modem, channel, heard, signal, within } = talk();
    await signal();
    heard.length = 0;
    modem.teach(onSignal(() => []));
    const [one, other] = [new AbortController(), new AbortController()];
    const flying = channel.ask(SIGNAL, { signal: one.signal });
    const waiting = channel.ask(IMSI, { signal: other.signal });
    await letPass(clock, millis(100));
    other.abort();
    one.abort();
    expect(await within(Promise.all([flying, waiting]))).toEqual([
      { at: 'canceled', sent: true },
      { at: 'canceled', sent: false },
    ]);
    await letPass(clock, millis(100));
    expect(heard).toEqual(['AT+CMEE?']);
    expect(await within(channel.ask(IMSI, { signal: one.signal }))).toMatchObject({ at: 'canceled' });
  });
});

describe('a text behind a prompt', () => {
  const pdu = '0001000B913316325476F80000041234ABCD';

  it('goes out after the prompt, however it comes and whatever is said around it', async () => {
    for (const prompt of ['\r\n> ', '\r\n>', '>']) {
      const { modem, channel, within, reports } = talk();
      await within(channel.ask(order('AT+CMGF=0')));
      modem.set({ echo: true });
      modem.teach((line, truth) => (line.startsWith('AT+CMGS') && truth() ? ['\r\n+CREG: 1\r\n', prompt] : undefined));
      expect(await within(channel.ask(sendPdu(pdu)))).toEqual({ at: 'answered', value: 0 });
      expect(modem.state().sent).toEqual([pdu]);
      expect(reports()).toEqual(['+CREG: 1']);
    }
  });

  it('is not sent when the prompt does not come, and the modem is brought back', async () => {
    const { modem, channel, within } = talk();
    await within(channel.ask(order('AT+CMGF=0')));
    modem.teach((line, truth) => (line.startsWith('AT+CMGS') && truth() ? [] : undefined));
    const stop = new AbortController();
    const sending = channel.ask(sendPdu(pdu), { signal: stop.signal });
    setImmediate(() => stop.abort());
    expect(await within(sending)).toMatchObject({ at: 'canceled' });
    expect(await within(channel.ask(SIGNAL))).toEqual(GOOD);
    expect(modem.state().sent).toEqual([]);
  });
});

describe('S-8: codes', () => {
  it('in an APDU are as secret as its answer', async () => {
    const { channel, within, modem, news } = talk();
    modem.teach((line) => (line.startsWith('AT+CSIM=') ? ['\r\n+CSIM: 12,"C0FFEE119000"\r\n\r\nOK\r\n'] : undefined));
    const apdu = { hex: '0020000108C0DEC0DEFFFFFFFF', secret: true };
    expect(await within(channel.ask(sendApdu(apdu)))).toEqual({ at: 'answered', value: 'C0FFEE119000' });
    const told = JSON.stringify([news, channel.trace()]);
    expect(told).toContain('AT+CSIM=26');
    expect(told).not.toMatch(/C0DE|C0FFEE/);
  });

  it('are in nothing that the channel tells, echoed, garbled or refused', async () => {
    const { modem, channel, within, news, signal } = talk();
    modem.set({ slots: [createCard({ locked: true, pin: '73914682' }), undefined] });
    await signal();
    modem.set({ echo: true });
    modem.teach((line) =>
      line.includes('CPIN=')
        ? [`\r\n\xfe"7391`, '\r\n4682" AT+CPIN="73914682"\r\n', '\r\n+CREG: 73914682\r\n\r\n+CME ERROR: 16\r\n']
        : undefined,
    );
    const answer = await within(channel.ask(enterPin('73914682')));
    modem.say('\r\nAT+CPIN="73914682"\r\n');
    await signal();
    const told = JSON.stringify([answer, news, channel.trace()]);
    expect(told).toContain('AT+CPIN=\\"***\\"');
    expect(told).not.toMatch(/7391|4682/);
  });
});
