import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The sources stand beside the simulator; a bench that was built looks for them from the folder of the project. */
const SOURCES = fileURLToPath(new URL('../../fax/', import.meta.url)).replace('/dist/hw-sim/', '/hw-sim/');

/**
 * Builds one of our programs against Debian's libspandsp into a folder and answers its path. Fails where gcc or libspandsp-dev is
 * missing: a comparison that is skipped proves nothing.
 */
export function buildSpandsp(name: string, folder: string): string {
  const program = join(folder, name);
  const words = [
    '-O1',
    '-Wall',
    '-Wextra',
    '-Werror',
    '-o',
    program,
    join(SOURCES, `${name}.c`),
    '-lspandsp',
    '-ltiff',
    '-lm',
  ];
  execFileSync('gcc', words, { stdio: 'pipe' });
  return program;
}
