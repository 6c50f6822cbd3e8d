import { describe, expect, it } from 'vitest';
import { TelemetrySchema } from '../../agent/model/messages.ts';
import { type LedgerEvent, type LedgerRecord, RecordSchema } from '../../agent/model/record.ts';
import { type Regime, RegimeSchema } from '../../agent/model/regime.ts';
import type { SiteConfig } from '../../agent/model/site-config.ts';
import { hours, type Millis, millis, minutes, seconds } from '../../agent/model/units.ts';
import { dayNumber, parisInstant, readDay } from '../../agent/rating/calendar/paris.ts';
import { exampleSite } from '../../hw-sim/day/day.ts';
import { createWholeSite, type WholeSite } from '../../hw-sim/day/whole-site.ts';
import type { CallPlan } from '../../hw-sim/site/call-plan.ts';
import { limitsSeen, type SeenLimits } from '../../provisioning/central/limits.ts';

const example = exampleSite();
const [FRONT = '', BACK = ''] = example.lines.map(({ number }) => number);
const PAID = { direction: 'outgoing', far: '0021620123456', class: 'international-mobile' } as const;
const INSIDE = { direction: 'outgoing', far: '0145678901', class: 'geographic' } as const;
const FREE = { direction: 'outgoing', far: '0800123456', class: 'free-special' } as const;
const EMERGENCY = { direction: 'outgoing', far: '112', class: 'emergency' } as const;
const INCOMING = { direction: 'incoming', far: '+33145000001', class: 'geographic' } as const;
type What = Pick<CallPlan, 'direction' | 'far' | 'class'>;

/** A site of that many limits; probes are rare, so that days are cheap. */
function siteWith(limits: Regime['limits'], more: Partial<SiteConfig> = {}): SiteConfig {
  const pace = { activeIntervalMs: 10_000, patienceMs: 5_000, idleIntervalMs: 60_000 };
  const regime = RegimeSchema.parse({ ...example.regime, limits });
  return { ...example, failover: { ...example.failover, ...pace }, regime, ...more };
}

function begin(seed: string, config: SiteConfig, capMicroEuro?: number): WholeSite {
  const whole = createWholeSite({ seed, config, ...(capMicroEuro === undefined ? {} : { capMicroEuro }) });
  whole.start();
  whole.site.clock.advance(minutes(1));
  return whole;
}

type Way = { readonly phone?: string; readonly talk?: Millis; readonly answer?: CallPlan['destiny']['answer'] };
let placed = 0;

/** Places a call, lives until it is over, and says what became of it. */
function call(
  whole: WholeSite,
  what: What,
  { phone = 'front', talk = seconds(20), answer = 'answers' }: Way = {},
): string {
  placed += 1;
  const id = `call-${placed}`;
  const destiny = { answer, ring: seconds(2), talk, hungUpBy: 'called', patience: seconds(10) } as const;
  whole.site.voice.place({ id, phone, destiny, ...what });
  whole.site.clock.advance(millis(talk + seconds(30)));
  const truth = whole.site.voice.truth().find(({ plan }) => plan.id === id);
  if (truth?.connectedAt !== undefined) return 'talked';
  return truth?.refusedWith === undefined ? 'nothing' : `refused ${truth.refusedWith}`;
}

const records = (whole: WholeSite): readonly LedgerRecord[] =>
  whole.site.disk.rows().map(({ body }) => RecordSchema.parse(JSON.parse(body)));
const events = (whole: WholeSite): readonly LedgerEvent[] => records(whole).map(({ event }) => event);
const story = (whole: WholeSite): readonly string[] =>
  events(whole).flatMap((event) => {
    if (event.kind === 'limit-begun') return [`${event.rule} ${event.subject} ${event.action.name} begins`];
    return event.kind === 'limit-ended' ? [`${event.rule} ${event.subject} ${event.action} ends`] : [];
  });
const counted = (whole: WholeSite) => events(whole).flatMap((event) => (event.kind === 'day-counted' ? [event] : []));
const causes = (whole: WholeSite): readonly string[] =>
  events(whole).flatMap((event) => (event.kind === 'call-ended' ? [event.cause] : []));

/** Lives until so long after midnight in Paris of that day. */
function until(whole: WholeSite, day: string, later: Millis = minutes(1)): void {
  const { clock } = whole.site;
  clock.advance(millis(parisInstant(dayNumber(readDay(day))) + later - clock.wall()));
}

/** The process dies, then the whole box: what held before holds after each. */
function dieTwice(whole: WholeSite, check: () => void): void {
  whole.site.kill();
  whole.start();
  whole.site.clock.advance(minutes(1));
  check();
  whole.site.powerCut();
  whole.start();
  whole.site.clock.advance(minutes(1));
  check();
}

/** What the central makes of the same records, a moment after the box has looked. */
const seenBy = (whole: WholeSite, config: SiteConfig, found = records(whole)): SeenLimits =>
  limitsSeen(found, config, Math.floor(whole.site.clock.wall()));

describe('V-4: the figures of a civil day', () => {
  const config = siteWith({
    dailyFigures: {
      value: {
        minimumAttempts: 3,
        judged: 'closed',
        steps: [
          { figure: 'mean-seconds', below: 40, do: { name: 'report' } },
          { figure: 'asr-percent', below: 50, do: { name: 'report' } },
        ],
      },
      article: 'CGS 9.1',
    },
  });

  it('are counted at midnight in Paris, offline too, told once whatever dies, and the central comes to the same', () => {
    const whole = begin('figures', config);
    whole.site.broker.cut();
    for (const talk of [10, 20, 45]) call(whole, INSIDE, { talk: seconds(talk) });
    call(whole, INSIDE, { answer: 'rings-out' });
    call(whole, EMERGENCY, { talk: seconds(1) });
    call(whole, INCOMING, { talk: seconds(1) });
    expect(counted(whole)).toEqual([]);
    until(whole, '2026-11-24');
    const talked = events(whole).flatMap((event) =>
      event.kind === 'call-ended' && event.called === INSIDE.far ? [event.seconds] : [],
    );
    const total = talked.reduce((sum, one) => sum + one, 0);
    const day = { kind: 'day-counted', day: '2026-11-23', attempts: 4, answered: 3, seconds: total };
    expect(total).toBeGreaterThanOrEqual(75);
    expect(counted(whole)).toEqual([day]);
    expect(story(whole)).toEqual([`V-4 ${config.account.id} report begins`]);
    dieTwice(whole, () => expect(counted(whole)).toEqual([day]));
    expect(story(whole)).toHaveLength(1);
    until(whole, '2026-11-25');
    expect(story(whole).at(-1)).toBe(`V-4 ${config.account.id} report ends`);
    whole.site.broker.mend();
    whole.site.clock.advance(minutes(3));
    const theirs = whole.central.rows('record').map(({ body }) => RecordSchema.parse(JSON.parse(body)));
    expect(theirs).toEqual(records(whole));
    expect(seenBy(whole, config, theirs)).toMatchObject({
      differ: [],
      carriedOut: [],
      days: [{ day: '2026-11-23', attempts: 4 }],
    });
  });

  it('wait for the call that began before midnight', () => {
    const whole = begin('midnight', config);
    until(whole, '2026-11-23', millis(hours(23) + minutes(50)));
    call(whole, INSIDE, { talk: minutes(30) });
    expect(counted(whole)).toMatchObject([{ day: '2026-11-23', attempts: 1, answered: 1, seconds: 1_800 }]);
    expect(records(whole).find(({ event }) => event.kind === 'day-counted')?.clock.wall).toBeGreaterThan(
      parisInstant(dayNumber(readDay('2026-11-24'))) + minutes(19),
    );
  });
});

describe('V-7: signs of automatic dialing', () => {
  const config = siteWith({
    automaticDialing: {
      value: {
        signs: [
          { kind: 'different-numbers', seconds: 3_600, over: 2 },
          { kind: 'attempts', seconds: 600, over: 4 },
        ],
        steps: [
          { at: { value: 1 }, is: 'reached', do: { name: 'warn' } },
          { at: { value: 2 }, is: 'reached', do: { name: 'suspend' } },
        ],
      },
      article: 'art. 5',
    },
  });
  const dial = (whole: WholeSite, last: string): string => call(whole, { ...INSIDE, far: `014567890${last}` });

  it('are told once in the month; the line goes on as the contract says, offline and after a restart, until the month ends', () => {
    const whole = begin('dialer', config);
    whole.site.broker.cut();
    for (const last of '012') expect(dial(whole, last)).toBe('talked');
    expect(story(whole)).toEqual([`V-7 ${FRONT} warn begins`]);
    for (const last of '34') dial(whole, last);
    expect(story(whole)).toEqual([`V-7 ${FRONT} warn begins`, `V-7 ${FRONT} suspend begins`]);
    dieTwice(whole, () => {
      expect(dial(whole, '5')).toBe('refused 403');
      expect(call(whole, FREE)).toBe('refused 403');
      expect(call(whole, EMERGENCY)).toBe('talked');
      expect(call(whole, INCOMING)).toBe('talked');
      expect(call(whole, INSIDE, { phone: 'back' })).toBe('talked');
    });
    expect(causes(whole).filter((cause) => cause === 'refused-limit')).toHaveLength(4);
    until(whole, '2026-11-30', millis(hours(24) - minutes(1)));
    expect(dial(whole, '6')).toBe('refused 403');
    until(whole, '2026-12-01');
    expect(dial(whole, '7')).toBe('talked');
    expect(story(whole).slice(2).toSorted()).toEqual([`V-7 ${FRONT} suspend ends`, `V-7 ${FRONT} warn ends`]);
  });

  it('support hears who is barred and why, and a line that it cleared goes on at once', () => {
    const whole = begin('told', config);
    const heard: unknown[] = [];
    whole.site.broker.onUp((topic, payload) => {
      if (topic.endsWith('/telemetry')) heard.push(TelemetrySchema.parse(JSON.parse(payload)).limits);
    });
    for (const last of '01234') dial(whole, last);
    expect(heard.at(-1)).toMatchObject([
      { rule: 'V-7', subject: FRONT, action: 'warn', measured: 1 },
      { rule: 'V-7', subject: FRONT, action: 'suspend', measured: 2 },
    ]);
    const at = Math.floor(whole.site.clock.wall());
    const cleared = { ...config, cleared: [{ line: FRONT, at }] };
    expect(seenBy(whole, config)).toMatchObject({ differ: [], carriedOut: [{}, {}], due: [{}, {}] });
    expect(seenBy(whole, cleared)).toMatchObject({ carriedOut: [{}, {}], due: [] });
  });

  it('a store that had to be set aside lifts nothing', () => {
    const whole = begin('damaged', config);
    for (const last of '01234') dial(whole, last);
    call(whole, INCOMING);
    whole.site.kill();
    whole.site.disk.alter(whole.site.disk.rows().at(-1)?.seq ?? 0, 'no JSON at all');
    whole.start();
    whole.site.clock.advance(minutes(1));
    expect(dial(whole, '5')).toBe('refused 403');
    expect(events(whole)[0]).toEqual({ kind: 'epoch-opened', reason: 'store-damaged' });
  });
});

describe('C-1, C-2: what a site spent against its limit', () => {
  const warn = { at: { percent: 80 }, is: 'reached', do: { name: 'warn' } } as const;
  const account = { ...example.account, limitMicroEuro: 1_000_000 };

  /** The central's book of the account: a deposit, a payment or a new month. */
  function booked(whole: WholeSite, entry: { readonly capMicroEuro: number; readonly cycle: number }): void {
    for (const { topic, payload } of whole.central.change(account.id, entry, Math.floor(whole.site.clock.wall())))
      whole.site.broker.sendDown(topic, payload);
    whole.site.clock.advance(minutes(5));
  }

  it('C-1, C-3: at the cap a line with a bundle goes on inside it, a metered line takes calls only, until a deposit', () => {
    const steps: NonNullable<Regime['limits']['outOfBundleCap']>['value']['steps'] = [
      { ...warn, lines: 'all' },
      { at: { percent: 100 }, is: 'reached', do: { name: 'incoming-only' }, lines: 'metered' },
      { at: { percent: 100 }, is: 'reached', do: { name: 'bundle-only' }, lines: 'bundle' },
    ];
    const lines = example.lines.map((line) => (line.number === BACK ? { ...line, plan: 'metered' } : line));
    const config = siteWith({ outOfBundleCap: { value: { steps }, article: 'art. 13' } }, { lines, account });
    const whole = begin('cap', config, account.limitMicroEuro);
    expect(call(whole, FREE, { phone: 'back' })).toBe('talked');
    call(whole, PAID, { talk: minutes(30) });
    expect(causes(whole).at(-1)).toBe('cut-credit');
    expect(
      story(whole)
        .filter((line) => !line.includes('warn'))
        .toSorted(),
    ).toEqual([`C-1 ${FRONT} bundle-only begins`, `C-1 ${BACK} incoming-only begins`]);
    whole.site.broker.cut();
    dieTwice(whole, () => {
      expect(call(whole, PAID)).toBe('refused 403');
      expect(causes(whole).at(-1)).toBe('refused-outside-bundle');
      expect(call(whole, INSIDE)).toBe('talked');
      expect(call(whole, FREE, { phone: 'back' })).toBe('refused 403');
      expect(causes(whole).at(-1)).toBe('refused-limit');
      expect(call(whole, INCOMING, { phone: 'back' })).toBe('talked');
      expect(call(whole, EMERGENCY, { phone: 'back' })).toBe('talked');
    });
    whole.site.broker.mend();
    booked(whole, { capMicroEuro: 3_000_000, cycle: 1 });
    expect(seenBy(whole, config)).toMatchObject({ carriedOut: [], due: [] });
    expect(call(whole, FREE, { phone: 'back' })).toBe('talked');
    expect(call(whole, PAID)).toBe('talked');
  });

  it('C-2, C-4: beyond the threshold nothing goes out but emergency calls, until it is paid or the month is new', () => {
    const steps: NonNullable<Regime['limits']['creditThreshold']>['value']['steps'] = [
      warn,
      { at: { percent: 100 }, is: 'exceeded', do: { name: 'bar-outgoing' } },
    ];
    const site = siteWith({ creditThreshold: { value: { steps }, article: 'DG 3.2' } }, { account });
    const { credit } = site.regime;
    const cut_running_calls = { value: false, article: 'DG 3.2' };
    const config = { ...site, regime: { ...site.regime, credit: { ...credit, cut_running_calls } } };
    const whole = begin('threshold', config, account.limitMicroEuro);
    whole.site.clock.advance(minutes(1));
    call(whole, PAID, { talk: minutes(3) });
    expect(causes(whole).at(-1)).toBe('called-hung-up');
    expect(story(whole)).toEqual([`C-2 ${account.id} warn begins`, `C-2 ${account.id} bar-outgoing begins`]);
    whole.site.broker.cut();
    dieTwice(whole, () => {
      for (const what of [PAID, INSIDE, FREE]) expect(call(whole, what)).toBe('refused 403');
      expect(call(whole, EMERGENCY)).toBe('talked');
      expect(call(whole, INCOMING)).toBe('talked');
    });
    whole.site.broker.mend();
    whole.site.clock.advance(minutes(5));
    expect(call(whole, INSIDE)).toBe('refused 403');
    booked(whole, { capMicroEuro: account.limitMicroEuro, cycle: 2 });
    expect(call(whole, INSIDE)).toBe('talked');
    expect(seenBy(whole, config)).toMatchObject({ carriedOut: [], due: [] });
  });
});

describe('C-6: an abnormal rise', () => {
  it('is warned of, then bars the line for its days, and what is past is compared by the site itself', () => {
    const value: NonNullable<Regime['limits']['abnormalRise']>['value'] = {
      against: 'every-day',
      weeks: 1,
      minimumDays: 2,
      minimumMicroEuro: 300_000,
      minimumPercentOfMean: 200,
      heldDays: 2,
      steps: [
        { deviationPercent: 100, do: { name: 'warn' } },
        { deviationPercent: 100, minutesAfterWarning: 10, do: { name: 'bar-outgoing' } },
      ],
    };
    const config = siteWith({ abnormalRise: { value, article: 'CGS 9.1' } });
    const whole = begin('rise', config);
    for (const day of ['2026-11-23', '2026-11-24', '2026-11-25']) {
      until(whole, day, hours(9));
      expect(call(whole, PAID)).toBe('talked');
    }
    until(whole, '2026-11-26', hours(9));
    whole.site.broker.cut();
    call(whole, PAID, { talk: seconds(100) });
    expect(story(whole)).toEqual([`C-6 ${FRONT} warn begins`]);
    until(whole, '2026-11-26', hours(10));
    expect(call(whole, PAID)).toBe('talked');
    dieTwice(whole, () => expect(call(whole, FREE)).toBe('refused 403'));
    expect(seenBy(whole, config)).toMatchObject({ differ: [], due: [{ rule: 'C-6' }, { rule: 'C-6' }] });
    expect(call(whole, FREE, { phone: 'back' })).toBe('talked');
    until(whole, '2026-11-27', millis(hours(24) - minutes(1)));
    expect(call(whole, FREE)).toBe('refused 403');
    until(whole, '2026-11-28');
    expect(call(whole, FREE)).toBe('talked');
    expect(story(whole).slice(2).toSorted()).toEqual([`C-6 ${FRONT} bar-outgoing ends`, `C-6 ${FRONT} warn ends`]);
  });
});
