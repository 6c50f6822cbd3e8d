import type { SiteConfig } from '../../../agent/model/site-config.ts';
import { type Millis, millis, minutes, seconds } from '../../../agent/model/units.ts';
import type { StoredRecord } from '../../../agent/ports/record-store.ts';
import { type Box, createBox } from './box.ts';
import { createFleet, type Seams } from './fleet.ts';
import { judge, type Verdict } from './judge.ts';
import { noteDeath, startAllowed } from './oracle.ts';
import type { Incident, Plan } from './plan.ts';
import { changeAccount, type Run } from './run.ts';

/** Plays a plan, lets the storm end, and says what does not hold. */
export function play(plan: Plan, base: SiteConfig, seams: Seams = {}): Verdict {
  const fleet = createFleet(plan, base, seams);
  const run: Run = {
    ...{ plan, fleet, allowed: startAllowed(plan), boxes: [...fleet.boxes], restored: new Set(), found: [] },
    clones: new Set(),
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
  const switchOff = (): void => {
    if (!run.clones.delete(switchOff)) return;
    // What the clone opened in its own name is lost with it.
    const last = twin.disk.epoch();
    if (last !== undefined) run.restored.add(last);
    noteDeath(run.allowed, twin.farEnd.running(), 0);
    twin.powerCut();
  };
  run.clones.add(switchOff);
  fleet.clock.after(lives, switchOff);
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
