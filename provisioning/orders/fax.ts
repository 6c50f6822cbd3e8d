import type { SiteConfig } from '../../agent/model/site-config.ts';
import type { Problem } from './problem.ts';

/** fax lines are lines of the site, register at a server of the site, and have somewhere to send what they receive. */
export function faxProblems({ fax, lines, voice }: Pick<SiteConfig, 'fax' | 'lines' | 'voice'>): readonly Problem[] {
  const machines = fax?.lines.filter(({ mode }) => mode === 'machine') ?? [];
  return (fax?.lines ?? []).flatMap((line, index) => {
    const field = (name: string): string => `fax.lines[${index}].${name}`;
    const found: Problem[] = [];
    if (!lines.some(({ number }) => number === line.number))
      found.push({ field: field('number'), value: line.number, remedy: 'order the number in `lines` too' });
    if (fax?.lines.findIndex(({ number }) => number === line.number) !== index)
      found.push({ field: field('number'), value: line.number, remedy: 'name each fax line once' });
    if (!voice.sipServers.some(({ name }) => name === line.server))
      found.push({ field: field('server'), value: line.server, remedy: 'name one of `voice.sipServers`' });
    if (line.mail !== undefined && fax?.smtp === undefined)
      found.push({
        field: 'fax.smtp',
        value: undefined,
        remedy: `faxes of ${line.number} go by mail: order a mail server`,
      });
    if (line.mode === 'machine' && machines.indexOf(line) > 0)
      found.push({ field: field('mode'), value: line.mode, remedy: 'a box has one modem: one line of mode "machine"' });
    return found;
  });
}
