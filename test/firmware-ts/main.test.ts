import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { seconds } from '../../agent/model/units.ts';
import { createCommands } from '../../firmware-ts/wires/node/commands.ts';
import { NEW, OLD, prepareEuicc } from '../../hw-sim/bench/sim-cuts/prepared-euicc.ts';
import type { FamilyName } from '../../hw-sim/devices/at-families.ts';
import { createAtModem } from '../../hw-sim/devices/at-modem.ts';
import { createCard, ORANGE, SFR } from '../../hw-sim/devices/at-modem-state.ts';
import { serveModbusTcp } from '../../hw-sim/devices/modbus-server.ts';
import { createModbusUps } from '../../hw-sim/devices/modbus-ups.ts';
import { createPty } from '../../hw-sim/devices/pty.ts';
import { startSsdpDevice } from '../../hw-sim/devices/ssdp-device.ts';
import { createEuicc } from '../../hw-sim/uicc/create-euicc.ts';
import { insertEuicc } from '../../hw-sim/uicc/insert-euicc.ts';
import { certificatePem } from '../../hw-sim/uicc/pki-folder.ts';
import { profileElements } from '../../hw-sim/uicc/profile-elements.ts';
import { startSmdpServer } from '../../hw-sim/uicc/smdp/https-server.ts';
import { profileMetadata } from '../../hw-sim/uicc/smdp/profile-metadata.ts';
import { createSmdp } from '../../hw-sim/uicc/smdp/smdp.ts';
import { type Bundle, bundle } from './bundle.ts';

const DRIVER = "import { run } from './main.js'; process.exitCode = await run(process.argv.slice(2));";
const commands = createCommands(seconds(20));

let built: Bundle;
let driver: string;
let clears: readonly (() => Promise<void>)[] = [];

beforeAll(async () => {
  built = await bundle('firmware-ts/main.ts');
  driver = join(dirname(built.path), 'driver.js');
  await writeFile(driver, DRIVER);
});

afterAll(() => built.clear());

afterEach(async () => {
  for (const clear of clears) await clear();
  clears = [];
});

const relais = (...args: readonly string[]) => commands.run(process.execPath, [driver, ...args]);

async function plugIn(family: FamilyName = 'plain') {
  const pty = await createPty();
  const modem = createAtModem(pty.end, { family });
  const ups = createModbusUps(1);
  const server = await serveModbusTcp(ups, '127.0.0.1');
  clears = [pty.close, server.unplug];
  return { modem, ups, modemPath: pty.path, upsPlace: `127.0.0.1:${server.port}` };
}

/** Codes come over standard input. */
const typed = (codes: string, ...args: readonly string[]) =>
  commands.run('sh', [
    '-c',
    'printf "$1" | "$2" "$3" sim pin "$4" --modem "$5" $6',
    'sh',
    codes,
    process.execPath,
    driver,
    ...args,
  ]);

/** The activation code comes over standard input. */
const DOWNLOAD =
  'code=$1; node=$2; driver=$3; shift 3; printf "%s\\n\\n" "$code" | "$node" "$driver" sim download "$@"';

describe('relais sim', () => {
  it('shows what a field engineer needs of card and radio, the IMSI masked (S-8, S-12)', async () => {
    const { modem, modemPath } = await plugIn('EM12');
    modem.set({ slots: [createCard({ locked: true, verified: true }), undefined] });
    const { status, stdout } = await relais('sim', 'info', '--modem', modemPath);
    expect(stdout.split('\n')).toEqual([
      'slot          1',
      'card          8933012345678901234',
      'imsi          20801*******890',
      'imei          867584030012345',
      'pin           nothing is asked, 3 PIN and 10 PUK tries left',
      'registration  home',
      'operator      Orange F, 20801',
      'technology    4G',
      'signal        -73 dBm, RSRP -96 dBm, RSRQ -9 dB, SINR 7.4 dB',
      'temperature   38 °C',
      'messages      0 of 10 places taken',
      '',
    ]);
    expect(status).toBe(0);
    const json = await relais('sim', 'info', '--modem', modemPath, '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ card: { imsi: '20801*******890' }, radio: { technology: '4G' } });
    expect((await relais('sim', 'list', '--modem', modemPath)).stdout.split('\n')).toEqual([
      'slot 1  in use  8933012345678901234',
      'slot 2  not read: reading it would take the line down',
      '',
    ]);
  });

  it('S-1, S-2: moves the line to the other slot and says each step; a refusal says what to do', async () => {
    const { modem, modemPath } = await plugIn('EM12');
    const other = createCard({ iccid: '8933019999999999999', imsi: '208019999999999' });
    const contexts = { 1: { type: 'IPV4V6', accessPoint: 'orange.fr', up: true } };
    modem.set({ slots: [createCard(), other], contexts });
    const state = mkdtempSync(join(tmpdir(), 'relais-sim-'));
    const order = ['sim', 'swap', '--slot', '2', '--modem', modemPath, '--state', state] as const;
    try {
      const { status, stdout } = await relais(...order);
      expect(stdout.split('\n')).toEqual([
        'reading modem and card',
        'writing down what is about to be done',
        'switching to the card in slot 2',
        'waiting for the modem to read the card',
        'looking whether the network takes the card and traffic passes',
        'done: the line lives on the new card, registered and carrying traffic',
        '',
      ]);
      expect({ status, slot: modem.state().slot }).toEqual({ status: 0, slot: 1 });
      // The agent takes the two reports into its record.
      const kept = JSON.parse(readFileSync(join(state, 'sim-swap.json'), 'utf8'));
      expect(kept.books.untold).toMatchObject([{ stage: 'begun' }, { stage: 'ended', to: '8933019999999999999' }]);
      const again = await relais(...order);
      expect(again).toMatchObject({ status: 1, stdout: expect.stringContaining('the line is on this card already') });
    } finally {
      rmSync(state, { recursive: true, force: true });
    }
  });

  it('S-1: lists, downloads and enables profiles over TLS with progress, by one state folder; each refusal says what to do', async () => {
    const { modem, modemPath } = await plugIn('EC25');
    const prepared = prepareEuicc();
    const card = createEuicc(prepared.pki);
    card.become(prepared.one);
    modem.set({ networks: [ORANGE, SFR], contexts: { 1: { type: 'IPV4V6', accessPoint: 'orange.fr', up: true } } });
    insertEuicc(modem, card, { slot: 0 });
    let smdp = createSmdp(prepared.pki, { address: 'nobody' });
    const server = await startSmdpServer(() => smdp, prepared.pki);
    const address = `localhost:${server.port}`;
    smdp = createSmdp(prepared.pki, { address });
    const metadata = profileMetadata({ iccid: NEW.iccid, provider: 'Relais', name: 'NEW', tells: [address] });
    const size = { moreFiles: 4, moreBytes: 100 };
    smdp.order({
      matchingId: 'NEW',
      metadata,
      elements: profileElements({ ...NEW, pin: '1234', puk: '12345678', ...size }),
    });
    const state = mkdtempSync(join(tmpdir(), 'relais-sim-'));
    clears = [...clears, server.close, async () => rmSync(state, { recursive: true })];
    const roots = join(state, 'roots.pem');
    await writeFile(roots, certificatePem(prepared.pki.ci));
    const where = ['--modem', modemPath, '--state', state];
    const download = (code: string) =>
      commands.run('sh', [
        '-c',
        DOWNLOAD,
        'sh',
        code,
        process.execPath,
        driver,
        ...where,
        '--roots',
        roots,
        '--apn',
        'sfr',
      ]);
    const steps = (text: string) => text.split('\n').filter((line) => line !== '' && !line.startsWith(' '));
    const MOVED = [
      'waiting for the modem to read the card',
      'looking whether the network takes the card and traffic passes',
      'done: the line lives on the new card, registered and carrying traffic',
    ];

    expect(await download('LPA:1$$NEW')).toMatchObject({
      status: 64,
      stderr: expect.stringContaining('names no server'),
    });
    expect(await relais('sim', 'enable', NEW.iccid, ...where)).toMatchObject({
      status: 1,
      stdout: expect.stringContaining(
        'refused: no such profile on this eUICC: see "relais sim list", or download it first',
      ),
    });
    const downloaded = await download(`LPA:1$${address}$NEW`);
    expect(steps(downloaded.stdout)).toEqual([
      'reading modem and card',
      'writing down what is about to be done',
      'downloading the profile; the line stays on the old card meanwhile',
      `switching to profile ${NEW.iccid}`,
      ...MOVED,
    ]);
    expect(downloaded.stdout).toContain(`  profile ${NEW.iccid} of Relais: NEW`);
    expect(downloaded.status).toBe(0);
    const listed = (await relais('sim', 'list', '--modem', modemPath)).stdout;
    expect(listed).toContain(`profile ${NEW.iccid}  enabled   Relais, NEW`);
    expect(listed).toContain(`profile ${OLD.iccid}  disabled  Relais, OLD`);
    const back = await relais('sim', 'enable', OLD.iccid, ...where, '--apn', 'orange.fr');
    expect(steps(back.stdout).slice(2)).toEqual([`switching to profile ${OLD.iccid}`, ...MOVED]);
    expect(await relais('sim', 'swap', '--profile', OLD.iccid, ...where)).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('refused: the line is on this card already'),
    });
  }, 120_000);

  it('S-8: takes a code from standard input, and says of each refusal what to do', async () => {
    const { modem, modemPath } = await plugIn('EC25');
    modem.set({ slots: [createCard({ locked: true }), undefined] });
    expect(await typed('0000\\n', 'enter', modemPath)).toMatchObject({
      status: 1,
      stderr: 'wrong code: 2 PIN and 10 PUK tries left; check it before trying again\n',
    });
    expect(await typed('4711\\n', 'enter', modemPath)).toMatchObject({ status: 0, stdout: 'accepted\n' });
    expect(await typed('4711\\n', 'enter', modemPath)).toMatchObject({
      status: 1,
      stderr: 'not tried: the card does not ask for this code: nothing has to be done\n',
    });
    modem.set({ slots: [createCard({ locked: true, pinTries: 1 }), undefined] });
    expect((await typed('4711\\n', 'enter', modemPath)).stderr).toMatch(
      /^not tried: one try is left, and it is never spent/,
    );
    modem.set({ slots: [createCard({ locked: true, pinTries: 0, pukTries: 9 }), undefined] });
    expect((await typed('98765432\\n2580\\n', 'unblock', modemPath)).stderr).toContain('add --ordered');
    expect(await typed('98765432\\n2580\\n', 'unblock', modemPath, '--ordered')).toMatchObject({ status: 0 });
    expect(modem.state().slots[0]?.pin).toBe('2580');
  });

  it('says what is wrong with a question, and that a modem is not there', async () => {
    for (const [args, message] of [
      [['sim', 'info'], '--modem is missing'],
      [['sim', 'leap', '--modem', 'x'], 'there is no "leap"'],
      [['sim', 'swap', '--slot', '2', '--modem', 'x'], '--state is missing'],
      [['sim', 'swap', '--slot', '3', '--modem', 'x'], 'target'],
      [['sim', 'enable', '--modem', 'x', '--state', 'y'], 'enable wants the ICCID'],
      [['sim', 'download', '--modem', 'x', '--state', 'y'], '--roots is missing'],
      [['sim', 'info', '--modem', 'x', '--baud', 'fast'], '--baud wants a rate'],
      [['sim', 'pin', 'enter', '4711', '--modem', 'x'], 'codes are read from standard input'],
    ] as const) {
      const { status, stderr } = await relais(...args);
      expect({ status, said: stderr.includes(message) }).toEqual({ status: 64, said: true });
    }
    const gone = await relais('sim', 'info', '--modem', '/nowhere/tty');
    expect(gone).toMatchObject({ status: 1, stdout: expect.stringContaining('no answer') });
  });
});

describe('relais devices', () => {
  it('prints what modem, UPS and LAN say (S-12, G-7)', async () => {
    const { modem, ups, modemPath, upsPlace } = await plugIn();
    const printer = await startSsdpDevice(
      { uuid: 'cafe', deviceType: 'urn:schemas-upnp-org:device:Printer:1', location: 'http://127.0.0.1/d.xml' },
      '127.0.0.1',
    );
    clears = [...clears, printer.close];
    modem.set({ rssi: 10, ber: 3 });
    ups.set({ mains: false, batteryPercent: 55 });
    const { status, stdout } = await relais('devices', '--modem', modemPath, '--ups', upsPlace, '--lan', '127.0.0.1');
    expect(stdout.split('\n')).toEqual([
      'modem  -93 dBm, bit error class 3',
      'ups    mains failed, battery 55 %',
      'lan    127.0.0.1  uuid:cafe::upnp:rootdevice  http://127.0.0.1/d.xml',
      '',
    ]);
    expect(status).toBe(0);
  });

  it('prints the same as JSON', async () => {
    const { modemPath, upsPlace } = await plugIn();
    const { status, stdout } = await relais('devices', '--modem', modemPath, '--ups', upsPlace, '--json');
    expect(JSON.parse(stdout)).toEqual({
      signal: { rssiDbm: -73 },
      power: { mains: true, batteryPercent: 100, celsius: 25, serial: 'AS1234567890' },
      inventory: [],
    });
    expect(status).toBe(0);
  });

  it('says what does not answer, and fails', async () => {
    const { ups, upsPlace } = await plugIn();
    ups.silence(true);
    const { status, stdout } = await relais('devices', '--modem', '/dev/no-such-modem', '--ups', upsPlace);
    expect(stdout).toBe('modem  no answer\nups    no answer\n');
    expect(status).toBe(1);
  });

  const misuses: readonly (readonly string[])[] = [
    [],
    ['devices', '--ups', 'nowhere'],
    ['devices', '--color'],
    ['supervise'],
  ];
  it.each(misuses.map((args) => [args]))('says how it is used when called with %j', async (args) => {
    const { status, stderr } = await relais(...args);
    expect(status).toBe(64);
    expect(stderr).toContain('usage: relais');
  });
});
