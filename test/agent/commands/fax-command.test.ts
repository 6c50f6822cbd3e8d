import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runFaxCommand } from '../../../agent/commands/fax-command.ts';
import { canonical } from '../../../agent/model/canonical.ts';
import { siteConfig } from '../../example-site.ts';

const LINE = '+33123456789';
const line = { number: LINE, mode: 'terminal', server: 'trunk', user: 'fax', stationId: '+33 1 23 45 67 89' } as const;
let folder = '';
const path = (name: string): string => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relais-fax-'));
  const operator = generateKeyPairSync('ed25519');
  const payload = Buffer.from(canonical(siteConfig({ fax: { lines: [line] } })));
  const signature = sign(null, payload, operator.privateKey).toString('base64');
  const files = { siteConfig: path('site.json'), operatorKey: path('operator.pub'), uplinkSecret: path('secret') };
  const interfaces = { voice: 'v', data: 'd', links: { main: 'w1', second: 'w2' } };
  writeFileSync(path('site.json'), JSON.stringify({ keyId: 'k', payload: payload.toString('base64'), signature }));
  writeFileSync(path('operator.pub'), operator.publicKey.export({ type: 'spki', format: 'pem' }));
  writeFileSync(path('secret'), 'secret');
  writeFileSync(path('box.json'), JSON.stringify({ stateDirectory: path('state'), ...files, interfaces }));
  writeFileSync(path('letter.PDF'), '%PDF-1.4');
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

async function relais(...words: readonly string[]): Promise<{ readonly status: number; readonly text: string }> {
  const said: string[] = [];
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  const status = await runFaxCommand([...words, '--config', path('box.json')]);
  return { status, text: said.join('') };
}

describe('X-7: relais fax', () => {
  it('send puts the document into the spool, with its request behind it, and queue shows it', async () => {
    const { status, text } = await relais('send', path('letter.PDF'), '--line', LINE, '--to', '0400000001');
    expect([status, text]).toEqual([0, expect.stringContaining('waits to be sent to 0400000001')]);
    const out = readdirSync(path('state/fax/out')).toSorted();
    expect(out).toHaveLength(2);
    const [request = '', document = ''] = [
      out.find((name) => name.endsWith('.json')),
      out.find((name) => name.endsWith('.pdf')),
    ];
    expect(JSON.parse(readFileSync(path(`state/fax/out/${request}`), 'utf8'))).toEqual({
      line: LINE,
      to: '0400000001',
      file: document,
    });
    expect((await relais('queue')).text).toContain('not taken yet');
  });

  it.each([
    [['send', 'letter.PDF', '--line', '+33999999999', '--to', '04'], 64, /--line: .*\+33123456789/],
    [['send', 'letter.PDF', '--line', LINE, '--to', 'x'], 64, /--to: .*digits/],
    [['send', 'gone.pdf', '--line', LINE, '--to', '0400000001'], 66, /no such file/],
    [['send'], 64, /usage/],
  ])('%j is refused with the option and the remedy', async (words, status, text) => {
    const [what = '', file, ...rest] = words;
    const answer = await relais(what, ...(file === undefined ? [] : [path(file)]), ...rest);
    expect(answer).toEqual({ status, text: expect.stringMatching(text) });
  });

  it('an empty queue says so', async () => {
    expect((await relais('queue')).text).toContain('nothing waits');
  });
});
