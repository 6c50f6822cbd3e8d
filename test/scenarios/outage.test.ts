import { describe, expect, it } from 'vitest';
import { RecordSchema } from '../../agent/model/record.ts';
import { hours, minutes, seconds } from '../../agent/model/units.ts';
import { siteEvidence } from '../../agent/rating/service/site-evidence.ts';
import { exampleSite } from '../../hw-sim/day/day.ts';
import { createWholeSite, type WholeSite } from '../../hw-sim/day/whole-site.ts';

const config = exampleSite();

function begin(seed: string, site = config, rest?: () => void): WholeSite {
  const whole = createWholeSite({ seed, config: site, ...(rest && { rest }) });
  whole.start();
  whole.site.clock.advance(minutes(5));
  return whole;
}

const records = (whole: WholeSite) => whole.site.disk.rows().map((row) => RecordSchema.parse(JSON.parse(row.body)));
const seen = (whole: WholeSite) => siteEvidence(records(whole)).outages;
const wall = (whole: WholeSite): number => whole.site.clock.wall();
/** Probes of an idle link are some seconds apart, and three of them are lost before anything is told. */
const NEAR = 40_000;

describe('G-6: the box itself writes down what it saw of an outage', () => {
  it('a main link that is out for an hour is one outage from its cut to its return, and the site was never cut off', () => {
    const whole = begin('hour');
    const cutAt = wall(whole);
    whole.site.links.cut('main');
    whole.site.clock.advance(hours(1));
    whole.site.links.mend('main');
    whole.site.clock.advance(minutes(10));
    const [outage, ...more] = seen(whole);
    expect(more).toEqual([]);
    expect(outage).toMatchObject({ link: 'main', open: false, unseen: [], dated: true });
    expect(Math.abs((outage?.from ?? 0) - cutAt)).toBeLessThan(NEAR);
    expect(Math.abs((outage?.to ?? 0) - cutAt - hours(1))).toBeLessThan(NEAR);
    const lost = records(whole).find(({ event }) => event.kind === 'link-lost')?.event;
    expect(lost).toMatchObject({ carried: ['voice', 'data'], standing: ['second'] });
  });

  it('both links out for twenty minutes of that hour: the site was cut off for those', () => {
    const whole = begin('both');
    whole.site.links.cut('main');
    whole.site.clock.advance(minutes(20));
    const cutAt = wall(whole);
    whole.site.links.cut('second');
    whole.site.clock.advance(minutes(20));
    whole.site.links.mend('second');
    whole.site.clock.advance(minutes(20));
    whole.site.links.mend('main');
    whole.site.clock.advance(minutes(15));
    const site = seen(whole).filter(({ link }) => link === undefined);
    expect(site).toHaveLength(1);
    expect(Math.abs((site[0]?.from ?? 0) - cutAt)).toBeLessThan(NEAR);
    expect(Math.abs((site[0]?.to ?? 0) - cutAt - minutes(20))).toBeLessThan(NEAR);
    expect(seen(whole).map(({ link }) => link)).toEqual(['main', undefined, 'second']);
  });

  it('the agent dies and starts again while the link is out: it is one outage all the same', () => {
    const whole = begin('killed');
    whole.site.links.cut('main');
    whole.site.clock.advance(minutes(10));
    whole.site.kill();
    whole.site.clock.advance(minutes(1));
    whole.start();
    whole.site.clock.advance(minutes(10));
    whole.site.links.mend('main');
    whole.site.clock.advance(minutes(10));
    expect(seen(whole)).toMatchObject([{ link: 'main', open: false, unseen: [] }]);
    const [outage] = seen(whole);
    expect(Math.abs((outage?.to ?? 0) - (outage?.from ?? 0) - minutes(21))).toBeLessThan(2 * NEAR);
  });

  it('while the box has no power nothing is seen, and that time is marked: no more than a quarter of an hour before it', () => {
    const whole = begin('dark');
    whole.site.links.cut('main');
    whole.site.clock.advance(minutes(40));
    const darkFrom = wall(whole);
    whole.site.powerCut();
    whole.site.clock.advance(hours(2));
    whole.start();
    const darkTo = wall(whole);
    whole.site.clock.advance(minutes(10));
    whole.site.links.mend('main');
    whole.site.clock.advance(minutes(10));
    const [outage, ...more] = seen(whole);
    expect(more).toEqual([]);
    const [gap, ...others] = outage?.unseen ?? [];
    expect(others).toEqual([]);
    expect(gap?.from).toBeLessThanOrEqual(darkFrom);
    expect(gap?.from).toBeGreaterThan(darkFrom - minutes(15) - NEAR);
    expect(Math.abs((gap?.to ?? 0) - darkTo)).toBeLessThan(NEAR);
  });

  it('F-1, G-6: a site without the option of failover watches its one link all the same', () => {
    const alone = { ...config, failover: { ...config.failover, enabled: false } };
    const whole = begin('alone', alone);
    whole.site.links.cut('main');
    whole.site.clock.advance(minutes(30));
    whole.site.links.mend('main');
    whole.site.clock.advance(minutes(10));
    expect(seen(whole).map(({ link }) => link)).toEqual(expect.arrayContaining(['main', undefined]));
    expect(records(whole).some(({ event }) => event.kind === 'traffic-moved')).toBe(false);
  });

  it('G-7: the mains that the UPS saw fail are told with their end', () => {
    const whole = begin('mains');
    const cutAt = wall(whole);
    whole.site.devices.cutMains();
    whole.site.clock.advance(minutes(30));
    whole.site.devices.mendMains();
    whole.site.clock.advance(minutes(10));
    const [mains, ...more] = siteEvidence(records(whole)).mains;
    expect(more).toEqual([]);
    expect(Math.abs((mains?.from ?? 0) - cutAt)).toBeLessThan(minutes(6));
    expect(Math.abs((mains?.to ?? 0) - cutAt - minutes(30))).toBeLessThan(minutes(6) + seconds(5));
  });

  it('G-7, G-6: a flutter of the mains is told nobody; a cut is told within forty seconds', () => {
    const whole = begin('flutter');
    whole.site.devices.cutMains();
    whole.site.clock.advance(seconds(1));
    whole.site.devices.mendMains();
    whole.site.clock.advance(minutes(3));
    expect(siteEvidence(records(whole)).mains).toEqual([]);
    const cutAt = wall(whole);
    whole.site.devices.cutMains();
    whole.site.clock.advance(minutes(2));
    const told = records(whole).find(({ event }) => event.kind === 'mains-lost');
    expect((told?.clock.wall ?? 0) - cutAt).toBeLessThan(40_000);
  });

  it('G-2, G-7: a battery that runs out is an alarm, and ends the agent in order once; what the lamps show stands with the link that is lost', () => {
    let rests = 0;
    const whole = begin('battery', config, () => (rests += 1));
    whole.site.devices.cutMains();
    whole.site.links.cut('main');
    whole.site.clock.advance(minutes(119));
    const boxEvents = records(whole).flatMap(({ event }) => (event.kind === 'box-event' ? [event.what] : []));
    expect(boxEvents).toEqual(['battery-low', 'gone-to-rest']);
    expect(rests).toBe(1);
    const lost = records(whole).find(({ event }) => event.kind === 'link-lost')?.event;
    expect(lost).toMatchObject({ lamps: { box: 'on', access: 'slow', alarm: 'slow' } });
  });
});
