import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadConfig } from '../edge/load-config.ts';
import { identityFileOf } from '../edge/secure-road.ts';
import { openUplinkIdentity } from '../edge/uplink-identity.ts';
import { Fault, isFault } from '../model/fault.ts';
import { explain } from './agent-command.ts';

export const ENROLL_USAGE = `usage: relais enroll --config BOX.json [--request FILE]
       relais enroll --config BOX.json --certificate FILE

Makes the key of this box, which stays on it, and writes a request for its certificate (PKCS#10, to standard output or into
FILE). The operator signs it: relais provision sign. The certificate is then brought to the box and installed by the second
form; a running agent shows it to the broker at its next connection, and keeps the one before until that has gone well.
Asked again before the certificate is there, the key is the same.
`;

const MISUSED = 64;
const CONFIG = 78;

/** `relais enroll`: the identity of a box is made on the box (D-3). */
export async function runEnrollCommand(argv: readonly string[]): Promise<number> {
  const { config, request, certificate, help } = parseArgs({
    args: [...argv],
    options: {
      config: { type: 'string' },
      request: { type: 'string' },
      certificate: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  }).values;
  if (help || config === undefined || (request !== undefined && certificate !== undefined)) {
    process.stderr.write(ENROLL_USAGE);
    return help ? 0 : MISUSED;
  }
  try {
    const { box, site } = loadConfig(config);
    mkdirSync(box.stateDirectory, { recursive: true, mode: 0o700 });
    const identity = openUplinkIdentity(identityFileOf(box), site.device.id);
    if (certificate !== undefined) {
      install(identity.take(readText(certificate)), certificate);
      process.stdout.write(`${site.device.id} has its certificate\n`);
      return 0;
    }
    const asked = identity.ask();
    if (request === undefined) process.stdout.write(asked);
    else writeFileSync(request, asked);
    return 0;
  } catch (error) {
    if (!isFault(error)) throw error;
    process.stderr.write(`${explain(error)}\n`);
    return CONFIG;
  }
}

function install(refused: string | undefined, file: string): void {
  if (refused === undefined) return;
  const remedy = `${refused}; bring the certificate that relais provision sign made of the last request of this box`;
  throw new Fault('config.refused', { file, field: 'certificate', remedy });
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Fault('config.unreadable', { file, remedy: 'the file must exist and be readable' }, { cause });
  }
}
