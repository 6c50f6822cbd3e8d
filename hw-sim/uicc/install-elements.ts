import { bodyOf, type Node, nodesIn, pick, upper } from './ber.ts';
import type { CardFile, CardImage, Code } from './card-state.ts';

/** What a profile package makes on the card; undefined where an element cannot be processed, which undoes all of it. */
export type Installed = { readonly iccid: string; readonly image: CardImage };

const TRIES = { pin: 3, puk: 10 };

export function installElements(elements: Uint8Array): Installed | undefined {
  const all = nodesIn(elements);
  const [header, ...rest] = all ?? [];
  const end = rest.at(-1);
  const iccid = header?.tag === 'A0' ? pick(nodesIn(header.body), '83')?.body : undefined;
  if (iccid?.length !== 10 || end?.tag !== 'AA') return undefined;
  const middle = rest.slice(0, -1);
  if (middle.some(({ tag }) => !['A1', 'A2', 'A3'].includes(tag))) return undefined;
  const files = filesIn(middle.filter(({ tag }) => tag === 'A1'));
  const pin = codeIn(pick(middle, 'A2'), 'pin');
  const puk = codeIn(pick(middle, 'A3'), 'puk');
  if (files === undefined || pin === undefined || puk === undefined) return undefined;
  return { iccid: upper(iccid), image: { files, pin, puk, asksPin: true } };
}

function codeIn(element: Node | undefined, kind: 'pin' | 'puk'): Code | undefined {
  const list = pick(nodesIn(element?.body), 'A1')?.body;
  const entry = bodyOf(kind === 'pin' ? bodyOf(list, 'A0') : list, '30');
  const value = pick(nodesIn(entry), '81')?.body;
  return value?.length === 8 ? { value: upper(value), tries: TRIES[kind], of: TRIES[kind] } : undefined;
}

function filesIn(elements: readonly Node[]): Readonly<Record<string, CardFile>> | undefined {
  const files: Record<string, CardFile> = {};
  for (const element of elements) {
    for (const { body } of nodesIn(pick(nodesIn(element.body), 'A1')?.body) ?? []) {
      const file = fileIn(nodesIn(body));
      if (file === undefined || files[file.path] !== undefined) return undefined;
      files[file.path] = file;
    }
  }
  return Object.fromEntries(
    Object.entries(files).map(([path, { content, recordBytes, reading }]) => [path, { content, recordBytes, reading }]),
  );
}

function fileIn(commands: readonly Node[] | undefined): (CardFile & { readonly path: string }) | undefined {
  const template = nodesIn(pick(commands, '62')?.body);
  const descriptor = pick(template, '82')?.body;
  const id = pick(template, '83')?.body;
  const content = pick(commands, '81')?.body;
  const size = pick(template, '80')?.body;
  if (descriptor === undefined || id?.length !== 2 || content === undefined || size === undefined) return undefined;
  if (content.length > Number.parseInt(upper(size), 16)) return undefined;
  const folders = (upper(pick(commands, '80')?.body ?? Buffer.alloc(0)).match(/.{4}/g) ?? []).map(
    (folder) => `${folder}/`,
  );
  return {
    path: `3F00/${folders.join('')}${upper(id)}`,
    content: upper(content),
    recordBytes: descriptor[0] === 0x42 ? descriptor.readUInt16BE(2) : undefined,
    reading: upper(pick(template, '8B')?.body ?? Buffer.alloc(0)).endsWith('02') ? 'pin' : 'always',
  };
}
