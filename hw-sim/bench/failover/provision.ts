import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { issueOrder } from '../../../provisioning/registry/issue-order.ts';
import { registryPaths } from '../../../provisioning/registry/paths.ts';
import { shippedFile } from '../../demo/relais.ts';

export type Json = Readonly<Record<string, unknown>>;
export const asObject = (value: unknown): Json =>
  typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};

export const asList = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.map(asObject) : []);

export const exampleOrder = (): Json =>
  asObject(JSON.parse(readFileSync(shippedFile('provisioning/orders/example-site.json'), 'utf8')));

/** A site by the operator's own code; answers the file that its agent is started with. */
export function provisionBox(registry: string, directory: string, order: Json): string {
  const folderOf = (file: string): string => dirname(shippedFile(file));
  const issue = issueOrder(registry, order, {
    regimes: folderOf('provisioning/regimes/mie.json'),
    tariffs: folderOf('provisioning/decks/example-2026.json'),
    numbering: folderOf('provisioning/numbering/numbering-2025-07-02.json'),
  });
  if (!issue.issued) throw new Error(`the order was refused: ${JSON.stringify(issue.problems)}`);
  const paths = registryPaths(registry);
  const { id } = issue.config.device;
  mkdirSync(directory, { recursive: true });
  const box = join(directory, 'box.json');
  const files = {
    siteConfig: paths.signed(id),
    operatorKey: paths.operatorPublicKey,
    uplinkSecret: paths.uplinkSecret(id),
  };
  const interfaces = { voice: 'voice0', data: 'data0', links: { main: 'wan1', second: 'wan2' } };
  writeFileSync(box, JSON.stringify({ stateDirectory: join(directory, 'box'), ...files, interfaces }));
  return box;
}
