import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import specs from '@asyncapi/specs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { CHANNELS, channelNames } from '../../../agent/model/messages.ts';
import { accessList } from '../../../provisioning/broker/access-list.ts';
import { asyncApi, payloadSchemas } from '../../../provisioning/contracts/asyncapi.ts';

const docs = (path: string): string => fileURLToPath(new URL(`../../../docs/${path}`, import.meta.url));
const UPDATE = process.env.UPDATE_ASYNCAPI !== undefined;
const written = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;
const read = (path: string): unknown => JSON.parse(readFileSync(docs(path), 'utf8'));
const OFFICIAL = Object(specs.schemasWithoutId['3.0.0']);

describe('the road as AsyncAPI 3 (UPDATE_ASYNCAPI=1 makes the files anew)', () => {
  test('U-7: docs/asyncapi.json and docs/schemas are what the program reads and writes with, no more and no less', () => {
    if (UPDATE) {
      writeFileSync(docs('asyncapi.json'), written(asyncApi()));
      for (const [name, schema] of payloadSchemas()) writeFileSync(docs(`schemas/${name}.json`), written(schema));
    }
    expect(read('asyncapi.json')).toEqual(asyncApi());
    const files = new Map(readdirSync(docs('schemas')).map((file) => [file.replace(/\.json$/, ''), file]));
    expect([...files.keys()].toSorted()).toEqual([...payloadSchemas().keys()].toSorted());
    for (const [name, schema] of payloadSchemas()) {
      expect(read(`schemas/${name}.json`), name).toEqual(JSON.parse(written(schema)));
    }
  });

  test('the document is AsyncAPI 3.0 by the official schema of that standard', () => {
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
    const valid = ajv.compile(OFFICIAL);
    expect([valid(read('asyncapi.json')), valid.errors ?? []]).toEqual([true, []]);
    // The official schema must be able to say no.
    expect(valid({ ...asyncApi(), channels: { hello: { adress: 'x' } } })).toBe(false);
  });

  test('every reference leads somewhere: into the document, or to a schema file that is one', () => {
    const document = read('asyncapi.json');
    const found = referencesIn(document);
    expect(found.length).toBeGreaterThan(4 * channelNames.length);
    for (const reference of found) {
      if (reference.startsWith('#/')) expect(at(document, reference.slice(2).split('/')), reference).toBeDefined();
      else
        expect(
          new Ajv({ strict: true, allowUnionTypes: true }).compile(Object(read(reference.slice(2)))),
          reference,
        ).toBeTypeOf('function');
    }
  });

  test('D-3: topics of the document are those of the broker’s access list, each way', () => {
    const list = accessList([{ tenant: '{tenant}', device: '{device}' }]).split('\n');
    for (const key of channelNames) {
      const address = at(read('asyncapi.json'), ['channels', key, 'address']);
      expect(list).toContain(
        `pattern ${CHANNELS[key].way === 'up' ? 'write' : 'read'} ${String(address).replace('{device}', '%u')}`,
      );
    }
  });
});

function referencesIn(node: unknown): readonly string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === '$ref' && typeof value === 'string' ? [value] : referencesIn(value),
  );
}

const at = (node: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, step) => Object.entries(Object(value)).find(([key]) => key === step)?.[1], node);
