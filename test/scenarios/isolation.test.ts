import { expect, it } from 'vitest';
import { hours, millis } from '../../agent/model/units.ts';
import { booksOf } from '../../hw-sim/day/books.ts';
import { exampleSite } from '../../hw-sim/day/day.ts';
import { createWholeSite } from '../../hw-sim/day/whole-site.ts';
import { playDay } from '../../hw-sim/site/play-day.ts';
import { trafficDay } from '../../hw-sim/site/traffic-day.ts';

const DAY = hours(24);
const phones = ['front', 'back', 'shop'] as const;

it('security line 24, V-1, C-3: seventy-two hours without broker and central: calls go on, no emergency call is refused, and every record arrives afterwards', () => {
  const config = exampleSite();
  const whole = createWholeSite({ seed: 'isolation', config });
  const days = [0, 1, 2].map((day) => {
    const plan = trafficDay({
      seed: `isolation-${day}`,
      calls: 25,
      phones,
      mainLink: 'main',
      secondLink: 'second',
      incidents: false,
    });
    return plan.map((item) => ({ ...item, at: millis(item.at + day * DAY) }));
  });
  playDay(whole.site, days.flat(), { agentStarts: whole.adopt, central: () => undefined });
  whole.start();
  whole.site.clock.advance(hours(1));
  whole.site.broker.cut();
  const answered = [1, 2, 3].map(() => {
    whole.site.clock.advance(DAY);
    return whole.site.disk.rows().filter(({ body }) => body.includes('"kind":"call-ended"')).length;
  });
  const [first = 0, second = 0, third = 0] = answered;
  expect(first).toBeGreaterThan(10);
  expect(second - first).toBeGreaterThan(10);
  expect(third - second).toBeGreaterThan(10);
  const held = (): number => Object.values(whole.central.state().streams)[0]?.size ?? 0;
  expect(held()).toBeLessThan(20);
  whole.site.broker.mend();
  whole.site.clock.advance(hours(1));
  const books = booksOf(whole, config);
  expect(held()).toBe(whole.site.disk.rows().length);
  expect(books.calls).toMatchObject({ emergencyRefused: 0, incomingRefused: 0, open: 0 });
  expect(books.charges.equal).toBe(true);
});
