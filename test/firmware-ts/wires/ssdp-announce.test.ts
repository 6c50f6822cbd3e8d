import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Bundle, bundle } from '../bundle.ts';
import { createNamespace, type Namespace } from '../namespace.ts';

const ANNOUNCE = `
import { announceOn } from './ssdp-announce.js';
const shown = { address: '192.168.20.1', network: '192.168.20.0/24', port: 49152, device: 'relais-0001', software: 'relais 1.0.0' };
const announcement = await announceOn({ ...shown, friendlyName: 'Front <shop>', page: () => ['link main (sdsl): up', '<script>'] });
console.log('ready');
process.on('SIGTERM', () => announcement.close().then(() => process.exit(0)));
`;
/** Somebody on a LAN: searches, and says what answered. */
const SEARCH = `
const [address, target] = process.argv.slice(1);
const socket = require('node:dgram').createSocket('udp4');
socket.on('message', (bytes, from) => console.log(JSON.stringify({ from: from.address, text: String(bytes) })));
socket.bind(0, address, () => {
  socket.setMulticastInterface(address);
  const ask = () => socket.send('M-SEARCH * HTTP/1.1\\r\\nHOST: 239.255.255.250:1900\\r\\nMAN: "ssdp:discover"\\r\\nMX: 1\\r\\nST: ' + target + '\\r\\n\\r\\n', 1900, '239.255.255.250');
  ask(); setTimeout(ask, 200); setTimeout(() => process.exit(), 700);
});
`;

let built: Bundle;
let box: Namespace;
let office: Namespace;
let phones: Namespace;
let operator: Namespace;

beforeAll(async () => {
  built = await bundle('firmware-ts/wires/node/ssdp-announce.ts');
  await writeFile(join(dirname(built.path), 'announce.js'), ANNOUNCE);
});
afterAll(() => built.clear());

beforeEach(async () => {
  [box, office, phones, operator] = await Promise.all([
    createNamespace(),
    createNamespace(),
    createNamespace(),
    createNamespace(),
  ]);
  const cable = (device: string, far: Namespace, own: string, other: string): string =>
    `ip link add ${device} type veth peer name eth0 netns ${far.pid}; ip addr add ${own} dev ${device}; ip link set ${device} up
     nsenter --target ${far.pid} --net sh -c 'ip addr add ${other} dev eth0; ip link set eth0 up; ip route add default via ${own.split('/')[0]}'`;
  const script = `
    echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6
    ${cable('data0', office, '192.168.20.1/24', '192.168.20.10/24')}
    ${cable('voice0', phones, '192.168.10.1/24', '192.168.10.10/24')}
    ${cable('wan1', operator, '198.51.100.2/30', '198.51.100.1/30')}
    ip route add default via 198.51.100.1
    nft 'add table ip watch; add counter ip watch wan; add counter ip watch voice;
         add chain ip watch out { type filter hook output priority 0; };
         add rule ip watch out oifname wan1 meta l4proto udp counter name wan; add rule ip watch out oifname voice0 meta l4proto udp counter name voice'`;
  expect(await box.commands.run('sh', ['-e'], script)).toMatchObject({ status: 0, stderr: '' });
});
afterEach(() => {
  for (const one of [box, office, phones, operator]) one.close();
});

async function announce() {
  const [enter = '', ...args] = box.prefix;
  const child = spawn(enter, [...args, process.execPath, join(dirname(built.path), 'announce.js')]);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      said += chunk;
    });
  await vi.waitFor(() => expect(said).toContain('ready'), { timeout: 10_000 });
  return { stop: () => child.kill('SIGKILL'), leave: () => child.kill('SIGTERM'), said: () => said };
}

async function search({ commands }: Namespace, address: string, target = 'upnp:rootdevice') {
  const { stdout } = await commands.run(process.execPath, ['-e', SEARCH, address, target]);
  return stdout
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { from: string; text: string });
}

const sent = async (counter: string): Promise<number> => {
  const { stdout } = await box.commands.run('nft', ['list', 'counter', 'ip', 'watch', counter]);
  return Number(/packets (\d+)/.exec(stdout)?.[1] ?? Number.NaN);
};

describe('D-3, M-3: the box as a device of the data LAN', () => {
  it('is found there and described with its friendly name and presentation URL; on the voice LAN and the links it is silent', async () => {
    const shown = await announce();
    // Others of this machine listen to the group everywhere, and Linux then hands every socket what comes from anywhere.
    const [enter = '', ...args] = box.prefix;
    const ear = spawn(enter, [
      ...args,
      'socat',
      '-u',
      'UDP4-RECV:1901,ip-add-membership=239.255.255.250:voice0,ip-add-membership=239.255.255.250:wan1',
      '/dev/null',
    ]);
    const answers = await search(office, '192.168.20.10');
    expect(new Set(answers.map(({ from }) => from))).toEqual(new Set(['192.168.20.1']));
    expect(answers[0]?.text).toContain('LOCATION: http://192.168.20.1:49152/device.xml');
    expect(await search(phones, '192.168.10.10')).toEqual([]);
    expect(await search(operator, '198.51.100.1')).toEqual([]);
    expect([await sent('wan'), await sent('voice')]).toEqual([0, 0]);
    const fetch = (place: Namespace, path: string) =>
      place.commands.run('timeout', ['3', 'curl', '-s', '-m', '2', `http://192.168.20.1:49152${path}`]);
    const { stdout } = await fetch(office, '/device.xml');
    expect(stdout).toContain('<friendlyName>Front &lt;shop&gt;</friendlyName>');
    expect(stdout).toContain('<presentationURL>http://192.168.20.1:49152/</presentationURL>');
    expect((await fetch(office, '/')).stdout).toContain('<li>&lt;script&gt;</li>');
    expect((await fetch(phones, '/')).stdout).toBe('');
    expect((await fetch(operator, '/')).stdout).toBe('');
    ear.kill('SIGKILL');
    shown.stop();
  });

  it('says what it is to who asks for everything, and nothing to who asks for something else', async () => {
    const shown = await announce();
    const all = (await search(office, '192.168.20.10', 'ssdp:all')).map(({ text }) =>
      /^ST: (.*)$/m.exec(text)?.[1]?.trim(),
    );
    expect(new Set(all)).toEqual(
      new Set([
        expect.stringMatching(/^uuid:[0-9a-f-]{36}$/),
        'upnp:rootdevice',
        'urn:schemas-upnp-org:device:Basic:1',
      ]),
    );
    expect(await search(office, '192.168.20.10', 'urn:schemas-upnp-org:device:Printer:1')).toEqual([]);
    shown.leave();
  });
});
