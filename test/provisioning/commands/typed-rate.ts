import { rate } from '../../../provisioning/commands/rate.ts';
import { folder } from '../example.ts';

const SHIPPED = {
  accounts: [folder('accounts')],
  regimes: [folder('regimes')],
  decks: [folder('decks')],
  numbering: [folder('numbering')],
};

export type Typed = { readonly status: number; readonly out: string; readonly err: string };

/** What somebody types behind `relais rate`, with the operator data of the project, and what is printed. */
export function typedRate(...argv: string[]): Typed {
  const outs: string[] = [];
  const errs: string[] = [];
  const terminal = {
    out: (line: string) => outs.push(line),
    err: (line: string) => errs.push(line),
    stopped: () => Promise.resolve(),
  };
  const status = rate(argv, terminal, SHIPPED);
  return { status, out: outs.join('\n'), err: errs.join('\n') };
}
