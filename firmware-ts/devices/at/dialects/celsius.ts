import { AT_ONCE, type AtCommand } from '../command.ts';

/** A temperature whose first group is whole or decimal degrees. */
export const celsius = (send: string, answer: RegExp): AtCommand<number> => ({
  send: [send],
  claims: answer,
  read(lines) {
    const degrees = Number(answer.exec(lines.at(-1) ?? '')?.[1] ?? Number.NaN);
    return Number.isFinite(degrees) ? degrees : undefined;
  },
  patience: AT_ONCE,
});
