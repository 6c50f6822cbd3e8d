import { existsSync, readFileSync } from 'node:fs';
import type { SecretOf } from '../reflector/beats.ts';
import { openReflector } from '../reflector/reflector.ts';
import { registryPaths } from '../registry/paths.ts';
import { DONE, FAILED, REFUSED, readArguments, readEndpoint, type Terminal } from './command.ts';

const HELP = `relais reflector: STAMP session-reflector (RFC 8762, unauthenticated), and heartbeats of the links (F-3)

  relais reflector --listen ADDRESS:PORT [--directory REGISTRY]
      Answers the probes of the sites; the port of the standard is 862. With the operator's registry it sends
      heartbeats to the devices of it that ask for them with their own secret (docs/failover.md).`;

/** Names of devices as configurations write them: what else comes from the network is no name of a file. */
const DEVICE = /^[a-z][a-z0-9-]{0,30}$/;

/** `wallMicros` is the wall clock in Unix microseconds. */
export async function reflector(
  argv: readonly string[],
  terminal: Terminal,
  wallMicros: () => number,
): Promise<number> {
  const read = readArguments(argv, ['listen', 'directory']);
  if ('usage' in read) return refuse(terminal, read.usage);
  if (read.flags.has('help')) {
    terminal.out(HELP);
    return DONE;
  }
  const endpoint = read.values.listen === undefined ? undefined : readEndpoint(read.values.listen);
  if (endpoint === undefined || read.words.length > 0) return refuse(terminal, '--listen ADDRESS:PORT is missing');
  const { directory } = read.values;
  if (directory !== undefined && !existsSync(registryPaths(directory).devices))
    return refuse(terminal, `--directory ${directory}: no registry is there (relais provision init)`);
  const secretOf = directory === undefined ? undefined : secretsIn(directory);
  return serve({ address: endpoint.host, port: endpoint.port, wallMicros, secretOf }, terminal);
}

function secretsIn(directory: string): SecretOf {
  const { uplinkSecret } = registryPaths(directory);
  return (device) => {
    if (!DEVICE.test(device) || !existsSync(uplinkSecret(device))) return undefined;
    return readFileSync(uplinkSecret(device), 'utf8').trim();
  };
}

async function serve(settings: Parameters<typeof openReflector>[0], terminal: Terminal): Promise<number> {
  const opened = await openReflector(settings).catch((error: unknown) => {
    // An address that is not here or in use is the operator's to correct; the system names it.
    if (error instanceof Error && 'syscall' in error) return error;
    throw error;
  });
  if (opened instanceof Error) {
    terminal.err(`relais reflector: ${opened.message}`);
    return FAILED;
  }
  terminal.out(`reflecting on ${settings.address}:${opened.port}`);
  await terminal.stopped();
  await opened.close();
  return DONE;
}

function refuse({ err }: Terminal, why: string): number {
  err(`relais reflector: ${why}`);
  err('See relais reflector --help');
  return REFUSED;
}
