import { TICKS_PER_MICRO_EURO } from '../../agent/model/units.ts';
import { euro } from './acts/beginning.ts';
import { type BoxReport, type CentralReport, sameCharges, sum } from './books.ts';
import type { Facts } from './facts.ts';

export type Check = { readonly name: string; readonly holds: boolean; readonly found: string };

/** Longest silence that a cut may cost in this demo: three lost probes, their patience, and the way back. */
const LONGEST_GAP_MS = 1_000;
const FAIL_OPEN_AND_BACK_MS = 5_000;
/** V-1 */
const FAIL_OPEN_MS = 2_000;

/** The closing table: what the day promised, held against what both sides wrote down. */
export function closingTable(facts: Facts, box: BoxReport, central: CentralReport): readonly Check[] {
  const device = central.devices[0] ?? { received: 0, rated: 0, grantedTicks: 0, returnedTicks: 0, setAside: 0 };
  const lent = device.grantedTicks - device.returnedTicks;
  const cap = (central.accounts[0]?.capMicroEuro ?? 0) * TICKS_PER_MICRO_EURO;
  const spent = sum(box.charges);
  const refusedEmergencies = box.calls.filter(
    (call) => call.class === 'emergency' && call.cause !== 'caller-hung-up' && call.cause !== 'called-hung-up',
  ).length;
  const worstGap = Math.max(facts.gapAtCutMs, facts.gapAtReturnMs);
  const { emergency, incoming } = facts;
  return [
    check(
      'records made = received = rated',
      box.records === device.received && device.received === device.rated && device.setAside === 0,
      `${box.records} = ${device.received} = ${device.rated}`,
    ),
    check(
      'every charge equal on both sides',
      box.charges.length > 0 && sameCharges(box.charges, central.charges),
      `${box.charges.length} charges on the site, ${central.charges.length} in the central`,
    ),
    check(
      'amounts equal to the tick (1/60 micro-euro)',
      spent === sum(central.charges),
      `${euro(spent)} on the site, ${euro(sum(central.charges))} in the central`,
    ),
    check(
      'spent ≤ lent ≤ cap',
      spent <= lent && lent <= cap && cap > 0,
      `${euro(spent)} ≤ ${euro(lent)} ≤ ${euro(cap)}`,
    ),
    check(
      'voice kept on the saturated line (MOS ≥ 4, loss < 1 %)',
      goodVoice(facts),
      `MOS ${facts.loaded.atPhone.mos.toFixed(2)} and ${facts.loaded.atFarEnd.mos.toFixed(2)}`,
    ),
    check(
      `worst voice gap ≤ ${LONGEST_GAP_MS} ms, the call lives on`,
      facts.callSurvivedCut && worstGap <= LONGEST_GAP_MS,
      `${worstGap.toFixed(0)} ms`,
    ),
    check('traffic came home after the hold-off', facts.cameHome, String(facts.cameHome)),
    check(
      'paid calls pass online, offline within the lease, and afterwards',
      facts.paidOnline && facts.paidOffline && facts.paidAfterwards,
      `${facts.paidOnline}, ${facts.paidOffline}, ${facts.paidAfterwards}`,
    ),
    check(
      'spent lease: running call ended, next one refused, bundle open',
      facts.cutByBox && facts.refusedWhenSpent && facts.bundleStillOpen,
      `${facts.cutByBox}, ${facts.refusedWhenSpent}, ${facts.bundleStillOpen}`,
    ),
    check(
      'emergency calls never refused',
      emergency.passed === emergency.placed && refusedEmergencies === 0,
      `${emergency.passed} of ${emergency.placed}`,
    ),
    check(
      'incoming calls never refused',
      incoming.passed === incoming.placed,
      `${incoming.passed} of ${incoming.placed}`,
    ),
    check(
      'agent killed: back by itself, call unharmed',
      facts.callSurvivedKill && facts.restartMs <= FAIL_OPEN_AND_BACK_MS && facts.gapAtRestartMs <= LONGEST_GAP_MS,
      `${facts.restartMs.toFixed(0)} ms, longest silence ${facts.gapAtRestartMs.toFixed(0)} ms`,
    ),
    check(
      'agent hung: SIP straight in 2 s and back, call unharmed',
      facts.callSurvivedHang &&
        facts.meteredAfterHang &&
        facts.hangNoticedMs <= FAIL_OPEN_MS &&
        facts.gapInHangMs <= LONGEST_GAP_MS,
      `${facts.hangNoticedMs.toFixed(0)} ms, longest silence ${facts.gapInHangMs.toFixed(0)} ms`,
    ),
    check(
      'no packet left with the address of the other link',
      facts.spoofedPackets === 0,
      `${facts.spoofedPackets} packets`,
    ),
  ];
}

const check = (name: string, holds: boolean, found: string): Check => ({ name, holds, found });

const goodVoice = ({ loaded }: Facts): boolean =>
  [loaded.atPhone, loaded.atFarEnd].every(({ mos, lossPercent }) => mos >= 4 && lossPercent < 1);
