import { defineConfig } from 'vitest/config';

// Kernel scenarios share two cores and measure real time: files run one after the other so that no test disturbs another.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    fileParallelism: false,
    coverage: { provider: 'v8', include: ['agent/**', 'firmware-ts/**', 'hw-sim/**', 'provisioning/**'] },
  },
});
