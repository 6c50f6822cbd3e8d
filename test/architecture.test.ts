import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TOP = ['agent', 'firmware-ts', 'hw-sim', 'provisioning'];

/** Which rooms a room may import from, besides itself. A door may import anything, and nobody imports a door. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'agent/model': [],
  'agent/ports': ['agent/model'],
  'agent/machines': ['agent/model'],
  'agent/plans': ['agent/model', 'agent/ports'],
  'agent/rating': ['agent/model'],
  'agent/sip': ['agent/model'],
  'agent/rtcp': ['agent/model'],
  'agent/sms': ['agent/model'],
  'agent/fax': ['agent/model'],
  'agent/evidence': ['agent/model'],
  'agent/uicc': ['agent/model'],
  'agent/ua': ['agent/model'],
  'agent/usp': ['agent/model'],
  'agent/x509': ['agent/model'],
  'agent/runtime': [
    'agent/model',
    'agent/ports',
    'agent/machines',
    'agent/plans',
    'agent/rating',
    'agent/sip',
    'agent/rtcp',
    'agent/sms',
    'agent/fax',
    'agent/evidence',
    'agent/uicc',
    'agent/usp',
    'agent/ua',
    'agent/x509',
  ],
  'agent/edge': ['agent/model', 'agent/ports', 'agent/plans', 'agent/sip', 'agent/fax', 'agent/x509'],
  'firmware-ts': ['agent/model', 'agent/ports', 'agent/uicc'],
  provisioning: [
    'agent/model',
    'agent/ports',
    'agent/machines',
    'agent/plans',
    'agent/rating',
    'agent/sip',
    'agent/evidence',
    'agent/fax',
    'agent/uicc',
    'agent/usp',
    'agent/x509',
  ],
  'hw-sim': ['agent/model', 'agent/ports', 'firmware-ts/wires'],
};
const DOORS = [
  'agent/main.ts',
  'agent/commands',
  'firmware-ts/main.ts',
  'firmware-ts/sim-command.ts',
  'firmware-ts/sim-swap-command.ts',
  'firmware-ts/fax-process.ts',
  'firmware-ts/open-around.ts',
  'firmware-ts/update-command.ts',
  'provisioning/main.ts',
  'hw-sim/main.ts',
  'hw-sim/demo',
  'hw-sim/day',
  'hw-sim/bench',
  'hw-sim/soak',
  'hw-sim/fleet',
];

/** Rooms where packages of npm live, and which. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'agent/model': ['zod'],
  'agent/runtime': ['zod'],
  'agent/usp': ['protobufjs/minimal.js'],
  'agent/edge': ['mqtt', 'sqlite3', 'pino', 'zod', 'nodemailer'],
  'agent/commands': ['pino'],
  'hw-sim/bench': ['mqtt'],
  provisioning: ['mqtt', 'sqlite3', 'pg', 'pino', 'zod'],
  'firmware-ts/wires/node': ['serialport', 'modbus-serial', 'node-ssdp'],
};

/** Where the system may be touched: clocks, chance, processes, files. */
const TOUCHES_SYSTEM = [
  'agent/edge',
  'agent/commands',
  'agent/main.ts',
  'firmware-ts/wires/node',
  'firmware-ts/main.ts',
  'firmware-ts/sim-command.ts',
  'firmware-ts/sim-swap-command.ts',
  'firmware-ts/fax-process.ts',
  'firmware-ts/open-around.ts',
  'firmware-ts/update-command.ts',
  'hw-sim/main.ts',
  'hw-sim/demo',
  'hw-sim/day',
  'hw-sim/bench',
  'hw-sim/soak',
  'hw-sim/fleet',
  'hw-sim/kernel',
  'hw-sim/power-cut',
  'hw-sim/voice',
  'hw-sim/devices',
  'hw-sim/uicc',
  'provisioning',
];
const PURE = /^agent\/(model|machines|plans|rating|sip|rtcp|sms|fax|evidence|uicc|usp|ua|x509|ports)\//;

type Import = { readonly from: string; readonly target: string; readonly typeOnly: boolean };

const files = TOP.flatMap((folder) => sources(join(ROOT, folder)));
const imports = files.flatMap(importsOf);
const inside = imports.filter((one) => TOP.some((top) => one.target.startsWith(`${top}/`)));
const outside = imports.filter((one) => !one.target.includes('.ts'));

function sources(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return path.endsWith('.ts') ? [relative(ROOT, path)] : [];
  });
}

function importsOf(file: string): readonly Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const found = text.matchAll(/^(?:import|export)\s(type\s)?[^;]*?from\s+'([^']+)'|import\('([^']+)'\)/gm);
  return [...found].map(([, type, fixed, lazy]) => {
    const name = fixed ?? lazy ?? '';
    const target = name.startsWith('.') ? relative(ROOT, resolve(ROOT, dirname(file), name)) : name;
    return { from: file, target, typeOnly: type !== undefined };
  });
}

/** Without comments: words are free there. */
const codeOf = (file: string): string =>
  readFileSync(join(ROOT, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');

const within = (path: string, room: string): boolean => path === room || path.startsWith(`${room}/`);
const isDoor = (path: string): boolean => DOORS.some((door) => within(path, door));
const roomOf = (path: string): string => Object.keys(MAY_IMPORT).find((room) => within(path, room)) ?? path;
const say = ({ from, target }: Import): string => `${from} imports ${target}`;

describe('the house has floors, and imports only go down', () => {
  it('holds the table', () => {
    const strays = inside.filter(({ from, target }) => {
      if (isDoor(from) || roomOf(from) === roomOf(target)) return false;
      return !(MAY_IMPORT[roomOf(from)] ?? []).some((room) => within(target, room));
    });
    expect(strays.map(say)).toEqual([]);
  });

  it('lets nobody import a door but the front door, which opens the others, and doors of the same room', () => {
    const strays = inside.filter(({ from, target }) => isDoor(target) && !isDoor(from));
    expect(strays.map(say)).toEqual([]);
  });

  it('keeps packages of npm in their rooms', () => {
    const strays = outside.filter(({ from, target }) => {
      if (target.startsWith('node:')) return false;
      return !Object.entries(PACKAGES).some(([room, names]) => within(from, room) && names.includes(target));
    });
    expect(strays.map(say)).toEqual([]);
  });

  it('keeps the system out of everything that decides', () => {
    const strays = outside.filter(
      ({ from, target, typeOnly }) =>
        target.startsWith('node:') && !typeOnly && !TOUCHES_SYSTEM.some((room) => within(from, room)),
    );
    expect(strays.map(say)).toEqual([]);
  });

  it('has no clock, no chance, no timer and no promise in a pure room', () => {
    const found = files
      .filter((file) => PURE.test(file))
      .filter((file) =>
        /\bDate\.|Math\.random|setTimeout|setInterval|\bprocess\.|\bawait\b|Promise</.test(codeOf(file)),
      );
    expect(found).toEqual([]);
  });

  it('has no circle of imports', () => {
    const targets = new Map<string, string[]>();
    for (const { from, target, typeOnly } of inside)
      if (!typeOnly) targets.set(from, [...(targets.get(from) ?? []), target]);
    const circles: string[] = [];
    const done = new Set<string>();
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) {
        circles.push([...path.slice(path.indexOf(file)), file].join(' → '));
        return;
      }
      if (done.has(file)) return;
      for (const next of targets.get(file) ?? []) visit(next, [...path, file]);
      done.add(file);
    };
    for (const file of targets.keys()) visit(file, []);
    expect(circles).toEqual([]);
  });
});
