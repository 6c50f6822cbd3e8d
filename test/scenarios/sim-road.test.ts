import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { simPortsOf } from '../../agent/commands/sim-ports.ts';
import { createHttpsPost } from '../../agent/edge/https-post.ts';
import { openSwapJournal } from '../../agent/edge/swap-journal-file.ts';
import { systemClock } from '../../agent/edge/system-clock.ts';
import { seconds } from '../../agent/model/units.ts';
import { createModem } from '../../firmware-ts/devices/modem.ts';
import { serialPath } from '../../firmware-ts/wires/node/serial-line.ts';
import { NEW, OLD, prepareEuicc } from '../../hw-sim/bench/sim-cuts/prepared-euicc.ts';
import { createAtModem } from '../../hw-sim/devices/at-modem.ts';
import { cardOf, ORANGE, SFR } from '../../hw-sim/devices/at-modem-state.ts';
import { createPty } from '../../hw-sim/devices/pty.ts';
import { createEuicc } from '../../hw-sim/uicc/create-euicc.ts';
import { insertEuicc } from '../../hw-sim/uicc/insert-euicc.ts';
import { certificatePem } from '../../hw-sim/uicc/pki-folder.ts';
import { profileElements } from '../../hw-sim/uicc/profile-elements.ts';
import { startSmdpServer } from '../../hw-sim/uicc/smdp/https-server.ts';
import { profileMetadata } from '../../hw-sim/uicc/smdp/profile-metadata.ts';
import { createSmdp } from '../../hw-sim/uicc/smdp/smdp.ts';
import { DEVICE, openRealRoad } from './real-road.ts';

const prepared = prepareEuicc();
const { pki } = prepared;
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});
const patience = { timeout: 100_000, interval: 200 };

/** A simulated modem on a pty of the kernel, and a server of profiles across TLS. */
async function openModem() {
  const pty = await createPty();
  ends.push(() => pty.close());
  const modem = createAtModem(pty.end, { family: 'EC25' });
  const card = createEuicc(pki);
  card.become(prepared.one);
  modem.set({ networks: [ORANGE, SFR], contexts: { 1: { type: 'IPV4V6', accessPoint: 'orange.fr', up: true } } });
  insertEuicc(modem, card, { slot: 0 });
  let smdp = createSmdp(pki, { address: 'nobody' });
  const server = await startSmdpServer(() => smdp, pki);
  ends.push(() => server.close());
  const address = `localhost:${server.port}`;
  smdp = createSmdp(pki, { address });
  const metadata = profileMetadata({ iccid: NEW.iccid, provider: 'Relais', name: 'NEW', tells: [address] });
  const elements = profileElements({ ...NEW, pin: '1234', puk: '12345678', moreFiles: 4, moreBytes: 100 });
  smdp.order({ matchingId: 'NEW', metadata, elements });
  return { path: pty.path, modem, address };
}

describe('S-1, S-11: an operator types, a real broker carries it, and the box does it on a serial line', () => {
  it('downloads a profile, moves the line to it, sends a message over it, and says so', {
    timeout: 150_000,
  }, async () => {
    const place = mkdtempSync(join(tmpdir(), 'relais-sim-'));
    ends.push(() => rmSync(place, { recursive: true }));
    const { path, modem, address } = await openModem();
    const radio = createModem(serialPath(path, 115_200), systemClock());
    ends.push(() => radio.close());
    const road = await openRealRoad([]);
    ends.push(() => road.close());
    const sim = simPortsOf(radio, {
      https: createHttpsPost({ roots: [certificatePem(pki.ci)], patience: seconds(20) }),
      journal: openSwapJournal(join(place, 'sim-swap.json')),
      smsBook: openSwapJournal(join(place, 'sms.json')),
    });
    const code = join(place, 'code');
    writeFileSync(code, `LPA:1$${address}$NEW\n`, { mode: 0o600 });
    const who = ['--by', 'M. Durand'];
    const swap = ['sim-order', DEVICE, '--code', code, '--apn', 'sfr', '--reason', 'host-change', '--id', 's1', ...who];
    expect(await road.type(...swap)).toEqual({ status: 0, said: [expect.stringContaining('s1: ordered')] });
    // The box comes after the order, as one that was offline.
    const box = await road.box('', [], { sim });
    const told = async () => {
      box.tick();
      return (await road.type('sims', DEVICE, '--json')).said.map((line) => JSON.parse(line));
    };
    await expect
      .poll(told, patience)
      .toMatchObject([{ order: 's1', so: 'swapped', from: OLD.iccid, to: NEW.iccid, by: 'M. Durand' }]);
    expect(cardOf(modem.state())?.iccid).toBe(NEW.iccid);
    await road.type('sms-order', DEVICE, '--to', '+33612345678', '--text', 'la ligne a changé', '--id', 'm1', ...who);
    await expect.poll(told, patience).toMatchObject([{ order: 's1' }, { order: 'm1', is: 'sms', so: 'sent' }]);
    expect(modem.state().sent).toHaveLength(1);
    // S-8: the code is in the registry and went over the wire, and stands nowhere else.
    expect(JSON.stringify([box.bodies(), road.central.log, road.faults])).not.toContain('$NEW');
  });
});
