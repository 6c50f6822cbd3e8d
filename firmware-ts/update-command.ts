import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { loadConfig } from '../agent/edge/load-config.ts';
import { systemClock } from '../agent/edge/system-clock.ts';
import { Fault, isFault } from '../agent/model/fault.ts';
import type { BoxConfig } from '../agent/model/site-config.ts';
import { minutes } from '../agent/model/units.ts';
import { createUpdates } from './updates/box-updates.ts';
import type { ReleasePorts } from './updates/take-release.ts';
import { takeRelease } from './updates/take-release.ts';
import { bundleFiles } from './wires/node/bundle-files.ts';
import { httpsBundle } from './wires/node/https-bundle.ts';
import { slotFiles } from './wires/node/slot-files.ts';
import type { BundleSource } from './wires/release-files.ts';

export const UPDATE_USAGE = `usage: relais update show     --config BOX.json   both slots, what is tried, what failed and why
       relais update take URL|FILE --config BOX.json   fetch and check a bundle into the slot that is not lived on
       relais update activate --config BOX.json   try it, as soon as nobody is on the phone
       relais update cancel   --config BOX.json   take that wish back
`;

const MISUSED = 64;
const REFUSED = 1;

/** For a field engineer, beside a running agent or without one; the supervisor is what starts a release. */
export async function runUpdate(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { config: { type: 'string' } },
  });
  const [what = '', address] = positionals;
  const wants = what === 'take' ? 2 : 1;
  if (
    values.config === undefined ||
    !['show', 'take', 'activate', 'cancel'].includes(what) ||
    positionals.length !== wants
  ) {
    process.stderr.write(UPDATE_USAGE);
    return MISUSED;
  }
  try {
    const ports = openReleasePorts(loadConfig(values.config).box);
    if (what === 'show') return show(ports);
    if (what === 'take') return await take(address ?? '', ports);
    if (what === 'cancel') {
      ports.slots.keepWish(undefined);
      return say('nothing is wished for; a trial that runs goes on');
    }
    const refused = createUpdates(ports).wish('field');
    return refused === undefined ? say('tried as soon as nobody is on the phone') : complain(refused);
  } catch (error) {
    if (!isFault(error)) throw error;
    return complain(
      [error.code, ...Object.entries(error.context).map(([name, value]) => `  ${name}: ${String(value)}`)].join('\n'),
    );
  }
}

/** @throws Fault 'config.refused' where the box has no slots. */
export function openReleasePorts({ updates }: BoxConfig): ReleasePorts {
  if (updates === undefined)
    throw new Fault('config.refused', {
      field: 'updates',
      remedy: 'name directory and releaseKey in the file of the box',
    });
  const { directory, releaseKey, roots } = updates;
  const key = readFileSync(releaseKey, 'utf8');
  return {
    clock: systemClock(),
    slots: slotFiles(directory, key),
    bundle: bundleFiles(directory, key),
    source: httpsBundle({ roots: roots && readFileSync(roots, 'utf8'), silence: minutes(1) }),
  };
}

async function take(address: string, ports: ReleasePorts): Promise<number> {
  const isFile = !address.startsWith('https://');
  const url = isFile ? `https://file/${address}` : address;
  if (isFile) ports.bundle.keepOf(undefined);
  const manifest = await takeRelease(url, isFile ? { ...ports, source: fromFile(address) } : ports);
  return say(`${manifest.version} is whole and checked; relais update activate tries it`);
}

const CHUNK = 65_536;

/** The same bundle on a stick, for a box without a line. */
const fromFile = (path: string): BundleSource => ({
  async fetch(_, from, take) {
    const file = await open(path).catch(() => undefined);
    if (file === undefined) return 'refused';
    try {
      for (let at = from; ; ) {
        const { bytesRead, buffer } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK, at);
        if (bytesRead === 0) return 'complete';
        if (!take(buffer.subarray(0, bytesRead))) return 'broken';
        at += bytesRead;
      }
    } finally {
      await file.close();
    }
  },
});

function show(ports: ReleasePorts): number {
  const { slots } = ports;
  const book = slots.book();
  if (book === undefined)
    return complain('this box was installed without slots: docs/deploy.md says how they are made');
  const { slots: seen, active } = createUpdates(ports).sight();
  const wish = slots.wish();
  const lines = [
    ...seen.map(
      ({ name, version, status, failure }) => `${name}  ${version || '–'}  ${status}${failure && `: ${failure}`}`,
    ),
    `lives on slot ${active === 1 ? 'a' : 'b'}; nothing older than ${book.floor} is taken`,
    ...(wish ? [`${wish.version} is tried as soon as nobody is on the phone (wished by ${wish.by})`] : []),
    ...(book.trial ? [`${book.trial.version} is on trial`] : []),
  ];
  return say(lines.join('\n'));
}

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

function complain(text: string): number {
  process.stderr.write(`relais update: ${text}\n`);
  return REFUSED;
}
