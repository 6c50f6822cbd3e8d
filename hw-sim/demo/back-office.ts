import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Command, type Running, runIn, startIn } from '../kernel/namespaces.ts';
import { SANDBOX_DIRECTORY } from '../kernel/sandbox.ts';
import { createLines, type Lines } from './json-lines.ts';
import { relais } from './relais.ts';
import { BROKER, type SiteFiles } from './site-files.ts';

/** What an operator runs beside its voice: broker, STAMP reflector, central. */
export async function openBackOffice(files: SiteFiles): Promise<{ readonly log: Lines; readonly running: Running[] }> {
  const broker = startIn('core', quietly(['mosquitto', '-c', join(files.registry, 'broker', 'mosquitto.conf')]));
  const reflector = startIn('core', relais('reflector', '--listen', '203.0.113.40:862'));
  const log = createLines();
  const address = `${BROKER.host}:${BROKER.port}`;
  await listening('core', address);
  const central = startIn(
    'core',
    relais('central', '--directory', files.registry, '--broker', `mqtts://${address}`, '--state', files.centralState),
    log.hear,
  );
  return { log, running: [broker, reflector, central] };
}

/** What a program complains of goes into a file of the sandbox; it is shown to nobody and gone with it. */
export const quietly = (command: Command): Command => [
  'sh',
  '-c',
  `exec "$@" 2>>${SANDBOX_DIRECTORY}/complaints`,
  'sh',
  ...command,
];

/** Waits until somebody listens on a TCP address of that namespace. */
export async function listening(namespace: string, address: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const listed = await runIn(namespace, ['ss', '-Hltn', 'src', address]);
    if (listed.trim() !== '') return;
    await pause(50);
  }
  throw new Error(`nobody listens on ${address} in ${namespace}`);
}
