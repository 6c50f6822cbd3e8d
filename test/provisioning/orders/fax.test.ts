import { describe, expect, it } from 'vitest';
import { SiteFaxSchema } from '../../../agent/model/site-config.ts';
import { faxProblems } from '../../../provisioning/orders/fax.ts';
import { siteConfig } from '../../example-site.ts';

const site = siteConfig();
const NUMBER = site.lines[0]?.number ?? '';
const SERVER = site.voice.sipServers[0]?.name ?? '';
const LINE = { number: NUMBER, mode: 'terminal', server: SERVER, user: 'fax', stationId: '01 72 89 00 01' };
const SMTP = { host: 'mail.example', port: 587, security: 'starttls', from: 'fax@example.com' };

const problems = (lines: readonly object[], more: object = {}) =>
  faxProblems({ ...site, fax: SiteFaxSchema.parse({ lines, ...more }) }).map(({ field }) => field);

describe('X-1, X-2: fax lines that are ordered', () => {
  it('a line of the site at a server of the site is in order', () => {
    expect(problems([LINE])).toEqual([]);
    expect(problems([{ ...LINE, mail: 'desk@example.com' }], { smtp: SMTP })).toEqual([]);
    expect(faxProblems(site)).toEqual([]);
  });

  it.each([
    ['a number that is no line of the site', [{ ...LINE, number: '+33199999999' }], 'fax.lines[0].number'],
    ['a line twice', [LINE, LINE], 'fax.lines[1].number'],
    ['a server that is not ordered', [{ ...LINE, server: 'elsewhere' }], 'fax.lines[0].server'],
    ['an address for mail without a mail server', [{ ...LINE, mail: 'desk@example.com' }], 'fax.smtp'],
  ])('%s is refused by its field', (_, lines, field) => {
    expect(problems(lines)).toEqual([field]);
  });

  it('one modem has one line', () => {
    const second = { ...LINE, number: '+33172890002', mode: 'machine' };
    const lines = [...site.lines, { number: '+33172890002', label: 'Fax', plan: site.lines[0]?.plan ?? '' }];
    const fax = SiteFaxSchema.parse({ lines: [{ ...LINE, mode: 'machine' }, second] });
    expect(faxProblems({ ...site, lines, fax }).map(({ field }) => field)).toEqual(['fax.lines[1].mode']);
  });
});
