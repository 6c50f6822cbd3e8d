import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RealFaxOutcome, realFax } from '../../../hw-sim/bench/fax/real-fax.ts';
import { buildPrograms } from '../../../hw-sim/bench/fax/soft-rows.ts';
import { CLEAN_PATH } from '../../../hw-sim/fax/lossy-path.ts';
import { type Bundle, bundle } from '../../firmware-ts/bundle.ts';

let built: ReturnType<typeof buildPrograms> | undefined;
let driver: Bundle | undefined;

beforeAll(async () => {
  built = buildPrograms();
  driver = await bundle('firmware-ts/fax-process.ts');
}, 120_000);
afterAll(async () => {
  built?.clear();
  await driver?.clear();
});

/** A page of 150 lines, some 5 kB. */
const fax = (machine: 'sends' | 'receives') =>
  realFax({
    ...{ programs: built?.programs ?? { modem: '', terminal: '' }, entry: driver?.path ?? '', machine, ecm: true },
    ...{ pages: 1, lines: 150, path: CLEAN_PATH, seed: 1, redundancy: 3, repeats: false },
  });

/** Who is cut off dials again: a machine that stood still for half a second in the middle of a turn is no fault of the box. */
async function untilWhole(machine: 'sends' | 'receives', tries = 3): Promise<RealFaxOutcome> {
  const outcome = await fax(machine);
  return outcome.whole || tries === 1 ? outcome : untilWhole(machine, tries - 1);
}

it('X-1, X-5: a page goes each way in real time, over real signals, a tty, serialport and our bridge, dot for dot', async () => {
  const [sent, received] = await Promise.all([untilWhole('sends'), untilWhole('receives')]);
  const whole = { machine: { result: 0, pages: 1 }, terminal: 0, told: 1, whole: true, rate: 'v17-14400' };
  expect(sent).toMatchObject(whole);
  expect(received).toMatchObject(whole);
}, 240_000);
