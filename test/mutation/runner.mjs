import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { bundled, evaluated } from './bundles.mjs';
import { createCollector } from './tests.mjs';

/**
 * A test runner for Stryker that shows mutants of the rating core to its tests in one process. The core is pure, so all
 * that a test file needs is to be evaluated anew for each mutant; that takes milliseconds where a worker takes a second,
 * and mutants of what is computed while a module loads are shown too.
 */
const createRunner = () => {
  const namespace = globalThis.__stryker__ ?? {};
  globalThis.__stryker__ = namespace;
  let scripts = new Map();

  const testsOf = (file) => {
    const { found, vitest } = createCollector();
    evaluated(scripts.get(file), vitest);
    return found.filter(({ name }) => !MEASURES.test(name));
  };

  return {
    capabilities: () => ({ reloadEnvironment: true }),

    async init() {
      // The same instance that the scripts get: no shrinking, and the same histories each time.
      createRequire(import.meta.url)('fast-check').configureGlobal({ seed: 20_161_231, endOnFailure: true });
      scripts = await bundled(testFiles());
    },

    async dryRun() {
      namespace.activeMutant = undefined;
      namespace.hitCount = undefined;
      namespace.mutantCoverage = { static: {}, perTest: {} };
      const tests = [];
      for (const file of scripts.keys()) {
        const names = testsOf(file).map(({ name }) => name);
        if (new Set(names).size < names.length) throw new Error(`two tests of ${file} have one name`);
        // Each from a fresh evaluation, so that what a test before it left in memory does not hide what it needs.
        for (const [at, name] of names.entries()) tests.push(await outcome(file, testsOf(file)[at], name, namespace));
      }
      return { status: 'complete', tests, mutantCoverage: namespace.mutantCoverage };
    },

    async mutantRun({ testFilter, activeMutant, hitLimit, mutantActivation }) {
      namespace.currentTestId = undefined;
      namespace.hitCount = 0;
      namespace.hitLimit = hitLimit;
      const chosen = testFilter === undefined ? undefined : new Set(testFilter);
      let nrOfTests = 0;
      for (const file of scripts.keys()) {
        if (chosen !== undefined && !testFilter.some((id) => id.startsWith(`${file}#`))) continue;
        namespace.activeMutant = mutantActivation === 'static' ? activeMutant.id : undefined;
        let found;
        try {
          found = testsOf(file);
        } catch (error) {
          return { status: 'killed', killedBy: [`${file}#`], failureMessage: String(error), nrOfTests };
        }
        namespace.activeMutant = activeMutant.id;
        for (const test of found) {
          if (chosen !== undefined && !chosen.has(`${file}#${test.name}`)) continue;
          const { id, status, failureMessage = '' } = await outcome(file, test, test.name, namespace);
          nrOfTests += 1;
          if (namespace.hitCount > hitLimit) return { status: 'timeout', reason: 'hit limit reached' };
          if (status === FAILED) return { status: 'killed', killedBy: [id], failureMessage, nrOfTests };
        }
      }
      return { status: 'survived', nrOfTests };
    },
  };
};

/** Titles of tests that measure memory or time. */
const MEASURES = /\bMB\b|taken in at once/;
const [PASSED, FAILED] = [0, 1];

async function outcome(file, { body }, name, namespace) {
  const id = `${file}#${name}`;
  const told = { id, name, fileName: file };
  const start = performance.now();
  namespace.currentTestId = id;
  try {
    await body();
    return { ...told, timeSpentMs: performance.now() - start, status: PASSED };
  } catch (error) {
    const failureMessage = String(error?.stack ?? error).slice(0, 2_000);
    return { ...told, timeSpentMs: performance.now() - start, status: FAILED, failureMessage };
  } finally {
    namespace.currentTestId = undefined;
  }
}

/** `ROOM=book`: the tests of that room alone; `ROOM=.`: those beside the rooms. */
function testFiles() {
  const { ROOM } = process.env;
  const under = join('test/agent/rating', ROOM ?? '.');
  return readdirSync(under, { recursive: ROOM !== '.', encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts') && name !== 'purity.test.ts')
    .map((name) => join(under, name).replaceAll('\\', '/'))
    .sort();
}

export const strykerPlugins = [{ kind: 'TestRunner', name: 'rating', factory: createRunner }];
