import { defineConfig } from 'vitest/config';

/** Whole sites in simulated time: no clock, process or socket of this machine is in them. */
const SIMULATED = [
  ...['day', 'evidence', 'protocol/schedules', 'leases', 'outage', 'record-store', 'suspension', 'sms-line'],
  ...['fax', 'fax-guard', 'fax-terminal-records', 'mobile-line', 'sim-orders', 'site-limits'],
  ...['sip-dialogs', 'sip-flows', 'sip-many-calls', 'sip-policy', 'sip-tricks'],
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

/** Long, with processes and files of their own, and they judge what was kept, not when: two of them share the machine. */
const PATIENT = [
  ...['scenarios/kill-storm', 'scenarios/backlog', 'hw-sim/soak/soak', 'hw-sim/power-cut/power-cut'],
  ...['hw-sim/bench/agent-cuts', 'hw-sim/fleet/fleet', 'agent/commands/ledger-salvage'],
  ...['sharing', 'store', 'store-histories', 'exports/*'].map((room) => `provisioning/central/${room}`),
].map((story) => `test/${story}.test.ts`);

const COMPILED = 'test/compile.ts';

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    coverage: { provider: 'v8', include: ['agent/**', 'firmware-ts/**', 'hw-sim/**', 'provisioning/**'] },
    projects: [
      { extends: true, test: { name: 'pure', include: PURE, maxWorkers: 2, sequence: { groupOrder: 0 } } },
      {
        extends: true,
        test: { name: 'patient', include: PATIENT, globalSetup: COMPILED, maxWorkers: 2, sequence: { groupOrder: 1 } },
      },
      {
        extends: true,
        test: {
          name: 'real time',
          globalSetup: COMPILED,
          include: ['test/**/*.test.ts'],
          exclude: [...PURE, ...PATIENT],
          // Kernel scenarios share two cores and measure real time: no file disturbs another.
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
