import { defineConfig } from 'vitest/config';

/**
 * The tests that a mutant of the rating core is shown (`npm run mutate:rating`). Random histories of tens of thousands of
 * runs are left out unless HISTORIES=1, since a mutant that survives costs all of them: without them the score is a lower bound.
 */
const LONG = /^(?!.*(random|100,000|20,000|histories|whatever|Whatever|together|order of arrival|never lowered)).*$/;

export default defineConfig({
  test: {
    include: ['test/agent/rating/{book,explain,deck,credit}/**/*.test.ts'],
    ...(process.env.HISTORIES === '1' ? {} : { testNamePattern: LONG }),
    testTimeout: 60_000,
  },
});
