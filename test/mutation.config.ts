import { defineConfig } from 'vitest/config';

/**
 * The tests that a mutant of the rating core is shown (`npm run mutate:rating`): those of its room (`ROOM=book`), or all of
 * the core's. A random history runs some hundred times here, from one seed and without shrinking, since a mutant that
 * survives costs all of them; so the score is a lower bound, and the same each time.
 */
const MOST = 400;
/** Cheap, and it asks to have met cases that are rare. */
const MOST_INCIDENTS = 10_000;
const COUNTS = /\b(numRuns: |runs? < |RUNS = |HISTORIES = |compare\()([\d_]+)/g;

function fewer(code: string, id: string): string {
  const most = id.includes('minute-by-minute') ? MOST_INCIDENTS : MOST;
  return code.replace(COUNTS, (_, before: string, count: string) => {
    return `${before}${Math.min(Number(count.replaceAll('_', '')), most)}`;
  });
}

export default defineConfig({
  plugins: [
    {
      name: 'fewer-histories',
      enforce: 'pre',
      transform: (code, id) => (id.includes('/test/agent/rating/') ? fewer(code, id) : undefined),
    },
  ],
  test: {
    include: [`test/agent/rating/${process.env.ROOM ?? '**'}/*.test.ts`],
    exclude: ['test/agent/rating/purity.test.ts'],
    setupFiles: ['test/mutation-seed.ts'],
    testTimeout: 60_000,
  },
});
