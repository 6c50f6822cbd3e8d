import { exampleSite } from '../day/day.ts';
import { planOf } from './schedules/plan.ts';
import { play } from './schedules/play.ts';
const base = exampleSite();
const from = Number(process.argv[2] ?? 0), n = Number(process.argv[3] ?? 50);
const t = performance.now(); let bad = 0, calls = 0, records = 0;
for (let i = from; i < from + n; i += 1) {
  const v = play(planOf(String(i)), base);
  calls += v.calls; records += v.records;
  if (v.found.length) { bad += 1; if (bad < 12) console.log(i, planOf(String(i)).incidents.map(x=>x.does).filter(x=>!['call'].includes(x)).join(' '), v.found); }
}
const cpu = process.cpuUsage(); console.log({ cpuMs: (cpu.user + cpu.system) / 1000 / n, n, bad, calls, records, ms: (performance.now() - t) / n });
