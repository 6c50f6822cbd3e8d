import { defineConfig } from 'vitest/config';

/** Whole sites in simulated time: no clock, process or socket of this machine is in them. */
const SIMULATED = [
  ...['day', 'evidence', 'protocol/schedules', 'leases', 'outage', 'record-store', 'suspension', 'sms-line'],
  ...['fax', 'fax-guard', 'fax-terminal-records', 'mobile-line', 'sim-orders', 'site-limits'],
  ...['sip-dialogs', 'sip-flows', 'sip-many-calls', 'sip-policy', 'sip-tricks', 'brown-out'],
].map((story) => `test/scenarios/${story}.test.ts`);

/** Rooms that compute, and touch nothing but files of their own. */
const ROOMS = [
  ...['rating', 'machines', 'model', 'plans', 'sip', 'sms', 'fax', 'evidence', 'uicc', 'usp', 'ua', 'x509'].map(
    (room) => `agent/${room}`,
  ),
  ...['regimes', 'pricing', 'numbering', 'commands', 'orders', 'registry'].map((room) => `provisioning/${room}`),
  'hw-sim/uicc',
].map((room) => `test/${room}/**/*.test.ts`);

/** These test files may run beside each other. */
const PURE = [...SIMULATED, ...ROOMS];

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    coverage: { provider: 'v8', include: ['agent/**', 'firmware-ts/**', 'hw-sim/**', 'provisioning/**'] },
    projects: [
      { extends: true, test: { name: 'pure', include: PURE, maxWorkers: 2, sequence: { groupOrder: 0 } } },
      {
        extends: true,
        test: {
          name: 'real time',
          include: ['test/**/*.test.ts'],
          exclude: PURE,
          // Kernel scenarios share two cores and measure real time: no file disturbs another.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
