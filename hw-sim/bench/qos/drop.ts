import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startHelper } from '../sip/helper-process.ts';
import type { CallHeard } from './judge.ts';
import { INTERNET, OPERATOR, setLine } from './line.ts';

const FROM_KBPS = 5_000;
const TO_KBPS = 1_000;
const BEFORE_MS = 2_000;
const AFTER_MS = 6_000;
const LATE_MS = 60;
const PACKET_MS = 20;

/**
 * one call on a line that carries 5 Mbit/s and in the next instant 1 Mbit/s, while a flood of datagrams goes up: for how
 * long voice is late by more than 60 ms (ms), and how much of it is lost, with the rule that follows and with a rate that stays.
 */
export async function dropping() {
  const rows = [];
  for (const way of ['follow', 'stay'] as const) rows.push({ way, ...(await once(way)) });
  return { fromKbps: FROM_KBPS, toKbps: TO_KBPS, rows };
}

async function once(way: 'follow' | 'stay') {
  await setLine(FROM_KBPS);
  const file = (name: string): string => fileURLToPath(new URL(`../${name}.js`, import.meta.url));
  const start = (namespace: string, core: number, argv: readonly string[]) =>
    startHelper({ namespace, core, greedy: true }, argv, (word) => word === 'ready');
  const echo = await start('core', 1, [file('qos-follow'), 'echo', OPERATOR]);
  const box = await start('gw', 0, [file('qos-follow'), 'box', `${FROM_KBPS}`, way]);
  const far = await start('core', 1, [file('qos-voice'), OPERATOR]);
  const phone = await start('phones', 0, [file('qos-voice'), '192.168.10.10', OPERATOR]);
  const sink = await start('core', 1, [file('qos-load'), INTERNET]);
  const office = await start('office', 0, [file('qos-load'), '192.168.20.10', INTERNET]);
  for (const side of [far, phone]) await side.ask({ calls: 1 }, 'begun');
  await pause(1_000);
  await office.ask({ load: 'udp-up', kbps: FROM_KBPS * 1.2 }, 'begun');
  await pause(BEFORE_MS);
  for (const side of [far, phone]) await side.ask({ calls: 1 }, 'begun');
  await pause(BEFORE_MS);
  await setLine(TO_KBPS, 'change');
  await pause(AFTER_MS);
  const [heard] = await far.ask<readonly CallHeard[]>('take', 'heard');
  await office.ask({ load: 'none', kbps: 0 }, 'begun');
  for (const one of [phone, far, office, sink, box, echo]) await one.end();
  const delays = heard?.delays ?? [];
  const quiet = Math.min(...delays);
  return {
    packets: delays.length,
    lateMs: PACKET_MS * delays.filter((delay) => delay > quiet + LATE_MS).length,
    lost: (heard?.span ?? 0) - (heard?.distinct ?? 0),
    worstMs: Math.round(Math.max(...delays) - quiet),
  };
}
