/** Something wrong with a price list, and where it stands in the operator's own file; lines and columns count from 1. */
export type Finding = {
  /** An error keeps the whole list out; a warning is only said. */
  readonly level: 'error' | 'warning';
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Name of the CSV column, or path in the JSON. */
  readonly field: string;
  /** What stands there, as it is written. */
  readonly value: string;
  readonly remedy: string;
};

/** Where in its source a part of a deck was written, and what stands there. */
export type Place = Pick<Finding, 'file' | 'line' | 'column' | 'field' | 'value'>;

/** Finds the place of a path such as `['voice', 3, 'until']`. */
export type Locate = (path: readonly PropertyKey[]) => Place;

export const hasErrors = (findings: readonly Finding[]): boolean =>
  findings.some((finding) => finding.level === 'error');

/** In the order of the file, errors and warnings together. */
export const inOrder = (findings: readonly Finding[]): readonly Finding[] =>
  findings.toSorted((a, b) => a.file.localeCompare(b.file, 'en') || a.line - b.line || a.column - b.column);

/** One line for the terminal, in the form that editors jump from. */
export const findingLine = ({ level, file, line, column, field, value, remedy }: Finding): string =>
  `${file}:${line}:${column}: ${level}: ${field} = ${value}: ${remedy}`;
