import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { openDesk } from '../../central/desk.ts';
import type { StorePlace } from '../../central/store/open-store.ts';
import { readFormat } from '../../hosts/format-files.ts';
import type { BadCell } from '../../hosts/read-host-record.ts';
import { type Intake, takeHostFile } from '../../hosts/take-file.ts';
import { DONE, FAILED, REFUSED, type Terminal } from '../command.ts';
import { noStore } from './wish.ts';

type Asked = {
  readonly file: string;
  readonly host: string;
  /** A format's file or name. */
  readonly format: string;
  readonly formats: readonly string[];
  readonly setAside: boolean;
  readonly store: StorePlace;
  readonly now: number;
};

/** U-5: takes one file of a host operator, and says what became of it. */
export async function takeCdr(asked: Asked, terminal: Terminal): Promise<number> {
  const { file, host, store, now } = asked;
  if (!existsSync(file)) return refuse(terminal, `${file}: there is no such file`);
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(host))
    return refuse(terminal, '--host is a name of lower-case letters, digits and dashes');
  const format = readFormat(asked.format, asked.formats);
  const desk = await openDesk(store);
  if (desk === undefined) return refuse(terminal, noStore(store));
  try {
    const wrongLines = asked.setAside ? 'set-aside' : 'refuse';
    const bytes = readFileSync(file);
    return tell(
      file,
      await takeHostFile(desk, { bytes, name: basename(file), host, format, wrongLines, now }),
      terminal,
    );
  } finally {
    await desk.close();
  }
}

function tell(file: string, intake: Intake, { out, err }: Terminal): number {
  switch (intake.so) {
    case 'known': {
      const { name, host, at } = intake.before;
      out(`${file}: the same file was taken as ${name} of ${host} on ${new Date(at).toISOString()}; nothing was done`);
      return DONE;
    }
    case 'refused':
      err(`${file} was refused; nothing of it was taken`);
      for (const bad of intake.bad) err(`  ${badLine(bad)}`);
      return REFUSED;
    case 'taken': {
      const { file: taken, fresh, bad } = intake;
      out(`${file}: ${taken.records} records taken, ${taken.records - fresh} of them known before`);
      if (bad.length === 0) return DONE;
      err(`${file}: ${taken.bad} lines were set aside`);
      for (const one of bad) err(`  ${badLine(one)}`);
      return FAILED;
    }
  }
}

/** One wrong cell: where it is, what stands there, what should. */
export const badLine = ({ line, column, text, remedy }: BadCell): string =>
  `line ${line}, column ${column}: "${text}": ${remedy}`;

function refuse({ err }: Terminal, why: string): number {
  err(`relais central: ${why}`);
  return REFUSED;
}
