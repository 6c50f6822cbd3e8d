/** One block of ARCEP's MAJNUM list: all numbers from the first to the last, with the digits that are dialled. */
export type Block = {
  readonly line: number;
  readonly prefix: string;
  /** Digits of the whole number as dialled. */
  readonly digits: number;
  /** As ARCEP writes it: "Métropole", "La Réunion - Océan indien" … */
  readonly territory: string;
};

type Majnum = { readonly blocks: readonly Block[]; readonly problems: readonly string[] };

const HEADER = 'EZABPQM;Tranche_Debut;Tranche_Fin;Mnémo;Territoire;Date_Attribution';
const FIRST_LINE = 2;

/** Reads the list as ARCEP publishes it (Latin-1, semicolons, one header line). Each problem names its line. */
export function readMajnum(file: Buffer): Majnum {
  const [header = '', ...lines] = file.toString('latin1').split(/\r?\n/);
  if (header !== HEADER) {
    return {
      blocks: [],
      problems: [`line 1: "${header}" is not the header "${HEADER}" in ISO 8859-1, as ARCEP writes it`],
    };
  }
  const read = lines.flatMap((line, index) => (line === '' ? [] : [readBlock(line, index + FIRST_LINE)]));
  return {
    blocks: read.flatMap((one) => (typeof one === 'string' ? [] : [one])),
    problems: read.flatMap((one) => (typeof one === 'string' ? [one] : [])),
  };
}

/** The block, or what is wrong with it. */
function readBlock(text: string, line: number): Block | string {
  const fields = text.split(';').map((field) => field.replace(/^"(.*)"$/, '$1'));
  const [prefix = '', first = '', last = '', , territory = ''] = fields;
  if (fields.length !== 6) return `line ${line}: ${fields.length} fields instead of 6`;
  if (!/^\d{1,15}$/.test(prefix)) return `line ${line}: EZABPQM "${prefix}" is not 1 to 15 digits`;
  const digits = first.length;
  const rest = digits - prefix.length;
  if (rest < 0 || digits > 15 || first !== prefix + '0'.repeat(rest) || last !== prefix + '9'.repeat(rest)) {
    return `line ${line}: Tranche_Debut ${first} to Tranche_Fin ${last} is not the whole of block ${prefix}`;
  }
  return { line, prefix, digits, territory };
}
