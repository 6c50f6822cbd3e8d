import { defineConfig } from 'vitest/config';

/** Rooms that compute and touch nothing: their test files may run beside each other. */
const PURE = [
  ...['rating', 'machines', 'model', 'plans', 'sip', 'sms', 'fax', 'evidence', 'uicc', 'usp', 'ua'].map(
    (room) => `agent/${room}`,
  ),
  ...['regimes', 'pricing', 'numbering'].map((room) => `provisioning/${room}`),
].map((room) => `test/${room}/**/*.test.ts`);

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
