import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Command } from '../kernel/namespaces.ts';

const AGENT = fileURLToPath(new URL('../../agent/main.js', import.meta.url));

/** The product's own command line, as a field engineer would type it. */
export const relais = (...argv: readonly string[]): Command => [process.execPath, AGENT, ...argv];

/** Files that are not compiled lie beside the sources; this module runs from `dist` or from the sources. */
export function shippedFile(path: string): string {
  const beside = fileURLToPath(new URL(`../../${path}`, import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL(`../../../${path}`, import.meta.url));
}
