import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readPdu } from '../../../agent/sms/read-pdu.ts';
import { type AtModem, createAtModem } from '../../../hw-sim/devices/at-modem.ts';
import { cardOf, ORANGE } from '../../../hw-sim/devices/at-modem-state.ts';
import { startModemManager } from './modem-manager.ts';

const patience = { timeout: 60_000, interval: 300 };
/** Bonjour, from +33612345678. */
const INCOMING = '00040B913316325476F800006211228031524007C2B75BFDAECB01';

type Mm = Awaited<ReturnType<typeof startModemManager>>;
type Told = Readonly<Record<string, unknown>>;
let mm: Mm;
let modem: AtModem;

const TRIES = 3;

beforeAll(async () => {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    mm = await startModemManager();
    modem = createAtModem(mm.end, { family: 'EC25' });
    const why = await enabled().then(
      () => undefined,
      (error: unknown) => error,
    );
    if (why === undefined) return;
    // On a machine that is busy with other things it may take a modem for dead, and never looks again.
    if (tries === TRIES)
      throw new Error(`ModemManager did not enable the modem:\n${mm.said().slice(-2_000)}`, { cause: why });
    await mm.close();
  }
}, 240_000);
afterAll(() => mm.close());

async function enabled(): Promise<void> {
  await mm.begin('generic');
  await says('Modem/0', '-L');
  // It may still be looking at the card when it shows the modem.
  await says('successfully enabled', '-m', '0', '-e');
  await says('registered', '-m', '0');
}

const says = (text: string, ...words: readonly string[]): Promise<void> =>
  vi.waitFor(async () => expect(await mm.mmcli(...words)).toContain(text), { timeout: 25_000, interval: 300 });
const told = async (...words: readonly string[]): Promise<Told> => JSON.parse(await mm.mmcli(...words, '-J'));

describe('S-11, S-12: ModemManager works with the simulated modem as with any other', () => {
  it('sends a message that we read as it was written, and reads one that came', { timeout: 150_000 }, async () => {
    const text = 'Ça passe à 12 € ; 中文';
    const created = await mm.mmcli('-m', '0', `--messaging-create-sms=text="${text}",number="+33612345678"`);
    const sms = /SMS\/\d+/.exec(created)?.[0] ?? '';
    await mm.mmcli('-s', `/org/freedesktop/ModemManager1/${sms}`, '--send');
    const [pdu = ''] = modem.state().sent;
    expect(readPdu(pdu)).toMatchObject({ is: 'submit', to: { digits: '+33612345678' }, user: { text } });
    modem.arrive(INCOMING);
    const listed = () => mm.mmcli('-m', '0', '--messaging-list-sms');
    await expect.poll(listed, patience).toContain('received');
    const came = /SMS\/(\d+) \(received\)/.exec(await listed())?.[1] ?? '';
    expect(await told('-s', came)).toMatchObject({
      sms: { content: { number: '+33612345678', text: 'Bonjour' } },
    });
  });

  it('sees card, registration and signal as they are', { timeout: 150_000 }, async () => {
    const card = cardOf(modem.state());
    expect(await told('-i', '0')).toMatchObject({
      sim: { properties: { iccid: card?.iccid, imsi: card?.imsi } },
    });
    const seen = () => told('-m', '0');
    const home = { 'operator-code': ORANGE.number, 'operator-name': ORANGE.name, 'registration-state': 'home' };
    await expect.poll(seen, patience).toMatchObject({
      modem: {
        '3gpp': { imei: '867584030012345', ...home },
        generic: { manufacturer: 'Quectel', model: 'EC25', 'access-technologies': ['lte'], state: 'registered' },
      },
    });
    await mm.mmcli('-m', '0', '--signal-setup=1');
    const { rsrp, rsrq } = modem.state();
    const lte = { rsrp: (rsrp - 141).toFixed(2), rsrq: (rsrq / 2 - 20).toFixed(2) };
    await expect.poll(() => told('-m', '0', '--signal-get'), patience).toMatchObject({ modem: { signal: { lte } } });
    modem.set({ networks: [{ ...ORANGE, number: '26201', name: 'Telekom.de' }] });
    await expect
      .poll(seen, patience)
      .toMatchObject({ modem: { '3gpp': { 'operator-code': '26201', 'registration-state': 'roaming' } } });
  });
});
