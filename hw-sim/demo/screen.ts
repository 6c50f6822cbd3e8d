/** The live display: an act a heading, an event a line, the time since the start in front. */
export interface Screen {
  act(title: string): void;
  say(line: string): void;
  /** A row of the closing table. */
  row(holds: boolean, name: string, found: string): void;
  line(text: string): void;
}

type Paper = { write(text: string): unknown; readonly isTTY?: boolean };

export function createScreen(paper: Paper, elapsedMs: () => number): Screen {
  const color = (code: number, text: string): string => (paper.isTTY ? `\u001b[${code}m${text}\u001b[0m` : text);
  let acts = 0;
  const stamp = (): string => `${(elapsedMs() / 1_000).toFixed(1).padStart(6)} s`;
  return {
    act(title) {
      acts += 1;
      paper.write(`\n${color(1, `${acts}. ${title}`)}\n`);
    },
    say: (line) => paper.write(`${color(90, stamp())}  ${line}\n`),
    row: (holds, name, found) =>
      paper.write(`  ${holds ? color(32, 'yes') : color(31, 'NO ')}  ${name.padEnd(58)} ${found}\n`),
    line: (text) => paper.write(`${text}\n`),
  };
}
