import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE = fileURLToPath(new URL('../../../../hw-sim/fax/spandsp-ifp.c', import.meta.url));

/**
 * Builds the oracle against Debian's libspandsp and puts all orders to it, one answer each; see the head of its source.
 * Fails where gcc or libspandsp-dev is missing: a comparison that is skipped proves nothing.
 */
export function askSpandsp(orders: readonly string[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'relais-spandsp-'));
  try {
    const program = join(folder, 'spandsp-ifp');
    execFileSync('gcc', ['-O1', '-Wall', '-Wextra', '-Werror', '-o', program, SOURCE, '-lspandsp'], { stdio: 'pipe' });
    const answers = execFileSync(program, { input: orders.map((order) => `${order}\n`).join(''), encoding: 'utf8' });
    return answers
      .trimEnd()
      .split('\n')
      .map((answer) => answer.trim());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
