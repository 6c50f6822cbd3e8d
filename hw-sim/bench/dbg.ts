import { exampleSite } from '../day/day.ts';
import { planOf } from './schedules/plan.ts';
import { play } from './schedules/play.ts';
const plan = planOf(process.argv[2] ?? '0');
console.log(plan.sites, plan.capMicroEuro, plan.broker, plan.storm);
for (const i of plan.incidents) console.log(i.at, JSON.stringify({ ...i, dialled: (i as any).dialled?.number }));
const v = play(plan, exampleSite(), { inspect: (run: any) => {
  for (const b of run.boxes) {
    console.log(b.config.device.id, b.disk.epoch(), b.disk.aside().map((a: any) => [a.reason, a.epoch, a.rows.length]), b.faults());
    for (const r of b.disk.rows()) { const x = JSON.parse(r.body); const e = x.event; console.log('  ', x.seq, x.clock.boot.slice(0, 4), x.clock.mono, e.kind, e.lease?.ticks ?? e.lease ?? '', e.call ?? '', e.called ?? '', e.reserved?.ticks ?? '', e.cause ?? '', e.seconds ?? '', e.spentTicks ?? '', e.cycle ?? ''); }
    for (const h of b.farEnd.heard()) console.log('   heard', h.dialled.number, h.answeredAt, h.endedAt, b.farEnd.refused());
  }
  for (const r of run.fleet.central.rows()) if (['loan','return','account','write-off','aside'].includes(r.keep)) console.log('  c', r.keep, r.at, JSON.stringify(r.loan?.lease ?? r.returned ?? r.entry ?? r.why ?? r.writeOff), r.loan?.device ?? '');
  console.log(JSON.stringify(run.allowed), run.fleet.central.warnings().join(' '));
} } as any);
console.log(v);
