import type { SiteConfig } from '../../../agent/model/site-config.ts';
import { type Millis, millis, minutes, seconds } from '../../../agent/model/units.ts';
import type { StoredRecord } from '../../../agent/ports/record-store.ts';
import { HONEST_BROKER } from '../../site/sim-broker.ts';
import { type Box, createBox } from './box.ts';
import { ACCOUNT, createFleet, type Fleet, type Seams } from './fleet.ts';
import { judge, type Verdict } from './judge.ts';
import { type Allowed, noteCap, noteDeath, noteMonth, overspent, startAllowed } from './oracle.ts';
import type { Incident, Plan } from './plan.ts';

/** What is known of a schedule while it runs. */
export type Run = {
  readonly plan: Plan;
  readonly fleet: Fleet;
  readonly allowed: Allowed;
  /** Every box that ever let a call through, clones included. */
  readonly boxes: Box[];
  /** Stores whose end was cut off by an old image: what was only there is gone with it. */
  readonly restored: Set<string>;
  readonly found: string[];
  cap: number;
  cycle: number;
  called: number;
};

/** Plays a plan, lets the storm end, and says what does not hold. */
export function play(plan: Plan, base: SiteConfig, seams: Seams = {}): Verdict {
  const fleet = createFleet(plan, base, seams);
  const run: Run = {
    ...{ plan, fleet, allowed: startAllowed(plan), boxes: [...fleet.boxes], restored: new Set(), found: [] },
    ...{ cap: plan.capMicroEuro, cycle: 1, called: 0 },
  };
  for (const box of fleet.boxes) box.start();
  for (const incident of plan.incidents) {
    fleet.clock.runUntil(incident.at);
    happen(run, incident);
  }
  fleet.clock.runUntil(millis(plan.storm + minutes(1)));
  return judge(run);
}

function happen(run: Run, incident: Incident): void {
  const { fleet } = run;
  const { clock } = fleet;
  switch (incident.does) {
    case 'step-clock':
      return clock.stepWall(incident.by);
    case 'central-restart':
      fleet.setCentral(false);
      clock.after(incident.back, () => {
        fleet.central.restart();
        fleet.setCentral(true);
        fleet.send(fleet.central.linkUp(fleet.now()));
      });
      return;
    case 'cap':
      return changeAccount(run, incident.microEuro, run.cycle);
    case 'month':
      return changeAccount(run, run.cap, run.cycle + 1);
    default:
      return atSite(run, incident, incident.site);
  }
}

type AtSite = Extract<Incident, { site: number }>;

function atSite(run: Run, incident: AtSite, site: number): void {
  const { fleet } = run;
  const box = fleet.boxes[site];
  const broker = fleet.brokers[site];
  if (box === undefined || broker === undefined) return;
  switch (incident.does) {
    case 'call':
      run.called += 1;
      return box.alive() ? box.farEnd.call(`call-${run.called}`, incident.dialled, incident.talk) : undefined;
    case 'kill':
      return die(run, box, incident.back, box.kill);
    case 'power-cut':
      return die(run, box, incident.back, box.powerCut);
    case 'offline':
      if (!broker.isUp()) return;
      broker.cut();
      return void fleet.clock.after(incident.back, broker.mend);
    case 'old-image':
      return putBack(run, box, incident);
    case 'clone':
      return clone(run, box, site, incident.for);
    case 'write-off':
      return writeOff(run, box);
  }
}

function die(run: Run, box: Box, back: Millis, how: () => void): void {
  if (!box.alive()) return;
  noteDeath(run.allowed, box.farEnd.running(), back);
  how();
  run.fleet.clock.after(back, box.start);
}

function putBack(run: Run, box: Box, { age, back }: Extract<Incident, { does: 'old-image' }>): void {
  const epoch = box.disk.epoch();
  const rows = box.disk.rows().length;
  if (!box.alive() || epoch === undefined || rows <= age) return;
  die(run, box, back, box.powerCut);
  run.allowed.copies.push({ device: box.config.device.id, epoch });
  run.restored.add(epoch);
  box.disk.putBack(Math.max(1, box.disk.rows().length - age));
}

/** A copy with the same name takes the session of the broker in turns with the box, until somebody switches it off. */
function clone(run: Run, box: Box, site: number, lives: Millis): void {
  const { fleet } = run;
  const epoch = box.disk.epoch();
  const broker = fleet.brokers[site];
  if (!box.alive() || epoch === undefined || broker === undefined) return;
  const rows: readonly StoredRecord[] = box.disk.rows().map((row) => row);
  run.allowed.copies.push({ device: box.config.device.id, epoch });
  run.restored.add(epoch);
  const twin = createBox({
    ...{ config: box.config, clock: fleet.clock, broker, seams: fleet.seams.box ?? {} },
    random: fleet.random.fork(`clone/${run.boxes.length}`),
    image: { epoch, rows },
  });
  run.boxes.push(twin);
  twin.start();
  fleet.clock.after(seconds(5), () => {
    run.called += 1;
    if (twin.alive()) twin.farEnd.call(`call-${run.called}`, CLONED, seconds(60));
  });
  fleet.clock.after(lives, () => {
    // What the clone opened in its own name is lost with it.
    const last = twin.disk.epoch();
    if (last !== undefined) run.restored.add(last);
    noteDeath(run.allowed, twin.farEnd.running(), 0);
    twin.powerCut();
  });
}
const CLONED = { number: '0021620123456', ticksPerSecond: 600_000, inBundle: false } as const;

/** Support gives up the newest epoch of a box that was set aside. */
function writeOff(run: Run, box: Box): void {
  const { fleet } = run;
  const lost = box.disk.aside().at(-1);
  if (lost === undefined) return;
  const order = { id: `${lost.epoch}-1`, device: box.config.device.id, epoch: lost.epoch, by: 'support', why: 'lost' };
  const before = fleet.central.rows().length;
  fleet.send(fleet.central.writeOff(order, fleet.now()));
  for (const row of fleet.central.rows().slice(before)) {
    if (row.keep !== 'write-off') continue;
    run.allowed.beyond.ticks += row.writeOff.ticks;
    run.allowed.beyond.seconds += row.writeOff.bundleSeconds;
  }
}

export function changeAccount(run: Run, capMicroEuro: number, cycle: number): void {
  const { fleet, allowed, plan } = run;
  const why = overspent(run.boxes, allowed, fleet);
  if (why !== undefined) run.found.push(`spent ≤ cap: ${why}`);
  if (cycle > run.cycle) noteMonth(allowed, plan, capMicroEuro);
  else noteCap(allowed, fleet, capMicroEuro, cycle);
  Object.assign(run, { cap: capMicroEuro, cycle });
  fleet.send(fleet.central.change(ACCOUNT, { capMicroEuro, cycle }, fleet.now()));
}

/** The storm is over: everybody is up, nothing is lost any more. */
export function calm({ fleet }: Run): void {
  for (const broker of fleet.brokers) {
    broker.mend();
    broker.behave(HONEST_BROKER);
  }
  for (const box of fleet.boxes) {
    // An agent whose store was disowned twice in one life sends nothing any more until somebody starts it again.
    if (box.faults().some((fault) => fault.endsWith('nothing is sent'))) box.powerCut();
    box.start();
  }
}
