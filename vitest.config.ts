import { defineConfig } from 'vitest/config';

/** Whole sites in simulated time: no clock, process or socket of this machine is in them. */
const SIMULATED = [
  ...['day', 'evidence', 'protocol/schedules', 'leases', 'outage', 'isolation', 'record-store', 'suspension'],
  ...['fax', 'fax-guard', 'fax-terminal-records', 'fax-terminal-cuts', 'fax-clearing', 'mobile-line'],
  ...['line-bars', 'host-change', 'sim-orders', 'sms-line', 'site-limits', 'brown-out'],
  'steady-beats',
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
const PURE = [...SIMULATED, ...ROOMS, 'test/agent/runtime/brown-watch.test.ts'];

/** Kernel and clock are what these measure: no file disturbs another. */
const MEASURED = [
  ...['kernel-day', 'failover', 'overlay', 'overlay-sites', 'qos', 'ipv6'].map((story) => `scenarios/${story}`),
  ...['sip-peers', 'fax-peers', 'voice-quality'].map((story) => `scenarios/${story}`),
  ...['scenarios/unread-signalling', 'hw-sim/bench/real-fax'],
  ...['hw-sim/kernel/*', 'hw-sim/voice/*', 'firmware-ts/supervisor/*', 'firmware-ts/wires/*', 'contracts/*'],
  ...['firmware-ts/devices/fax-modem/*', 'agent/edge/kernel-*', 'agent/commands/agent-command'],
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
        test: {
          // Processes, sockets, media of their own, and patience: they judge what was done, not how soon.
          name: 'patient',
          include: ['test/**/*.test.ts'],
          exclude: [...PURE, ...MEASURED],
          globalSetup: COMPILED,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'real time',
          include: MEASURED,
          globalSetup: COMPILED,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
