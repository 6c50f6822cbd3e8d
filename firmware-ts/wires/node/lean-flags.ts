import { spawnSync } from 'node:child_process';

/**
 * For a small box, each measured (docs/usp-conformance.md): new objects have a megabyte, the collector has no threads (and
 * arenas) of its own and begins at four megabytes instead of waiting for many, garbage is let grow by a tenth of what lives,
 * nothing is compiled to WebAssembly, and only what works long and hard is optimized: an idle agent does not load the compiler.
 */
export const LEAN = [
  ...['--max-semi-space-size=1', '--single-threaded-gc', '--v8-pool-size=0', '--optimize-for-size'],
  ...['--initial-old-space-size=4', '--heap-growing-percent=10', '--no-expose-wasm', '--interrupt-budget=4000000'],
] as const;

/**
 * Those of the flags that this Node takes. A Node ends with status 9 at the first that it does not know, and they come and go
 * with V8: a box whose Node was changed below it would have no agent for the sake of some megabytes.
 */
export function leanFlags(flags: readonly string[] = LEAN): readonly string[] {
  return takes(flags) ? flags : flags.filter((flag) => takes([flag]));
}

const takes = (flags: readonly string[]): boolean =>
  spawnSync(process.execPath, [...flags, '--version'], { stdio: 'ignore' }).status === 0;
