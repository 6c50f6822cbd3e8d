import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Board, BoardSchema } from '../model/board.ts';
import { Fault } from '../model/fault.ts';

/**
 * The description of a board: shipped, by its name, or the file of an operator's own (M-4, P-4). Only boards with a
 * description are taken.
 * @throws Fault 'config.refused', 'config.unreadable' with the field and the remedy.
 */
export function loadBoard(wanted: string): Board {
  const own = wanted.endsWith('.json');
  const file = own ? wanted : `${boardFolder()}/${wanted}.json`;
  if (!own && !knownBoards().includes(wanted)) {
    const remedy = `name one of ${knownBoards().join(', ')}, or a file with a description`;
    throw new Fault('config.refused', { field: 'board', value: wanted, remedy });
  }
  const read = BoardSchema.safeParse(readJson(file));
  if (!read.success) {
    const issue = read.error.issues[0];
    const field = `board.${issue?.path.join('.') ?? ''}`;
    throw new Fault('config.refused', {
      file,
      field,
      remedy: issue?.message ?? '',
      problems: read.error.issues.length,
    });
  }
  if (basename(file) !== `${read.data.name}.json`)
    throw new Fault('config.refused', { file, field: 'board.name', remedy: `call the file ${read.data.name}.json` });
  return read.data;
}

export const knownBoards = (): readonly string[] =>
  readdirSync(boardFolder())
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .toSorted();

/** Descriptions are not compiled: they lie beside the sources, also where this runs from beside the compiled code. */
function boardFolder(): string {
  const near = fileURLToPath(new URL('../../firmware-ts/boards', import.meta.url));
  const hasBoards = existsSync(near) && readdirSync(near).some((name) => name.endsWith('.json'));
  return hasBoards ? near : fileURLToPath(new URL('../../../firmware-ts/boards', import.meta.url));
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Fault(
      'config.unreadable',
      { file, field: 'board', remedy: 'the file must be JSON and readable' },
      { cause },
    );
  }
}
