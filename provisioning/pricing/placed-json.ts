import type { Finding, Locate } from './finding.ts';
import { createRuler, nodeAt, readJsonText } from './json-text.ts';

/** A JSON file as a value, and where each part of it stands. */
export type PlacedJson = { readonly value: unknown; readonly locate: Locate };

const SHOWN = 80;

export function readPlacedJson(file: string, text: string): PlacedJson | { readonly wrong: Finding } {
  const read = readJsonText(text);
  if (!('root' in read)) {
    const { line, column, value, remedy } = read;
    return { wrong: { level: 'error', file, line, column, field: 'JSON', value: JSON.stringify(value), remedy } };
  }
  const ruler = createRuler(text);
  const locate: Locate = (path) => {
    const { node, isThere } = nodeAt(read.root, path);
    const value = isThere ? (JSON.stringify(node.value) ?? 'nothing') : 'nothing';
    return {
      file,
      ...ruler(node.at),
      field: pathName(path),
      value: value.length > SHOWN ? `${value.slice(0, SHOWN)}…` : value,
    };
  };
  return { value: read.root.value, locate };
}

/** `voice[1].for.prefix`, or `the whole file`. */
function pathName(path: readonly PropertyKey[]): string {
  const name = path.map((step) => (isWord(step) ? `.${String(step)}` : `[${JSON.stringify(step)}]`)).join('');
  return name === '' ? 'the whole file' : name.replace(/^\./, '');
}

const isWord = (step: PropertyKey): boolean => typeof step === 'string' && /^\w+$/.test(step);
