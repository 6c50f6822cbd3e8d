import { beforeEach, describe, expect, it } from 'vitest';
import { joinReports } from '../../../agent/usp/agent/bulk-report.ts';
import type { UspEffect } from '../../../agent/usp/agent/state.ts';
import { createDesk, required, SIGHT } from './desk.ts';
import { type Desk, operate, subscribe, valuesOf } from './read-desk.ts';

const PROFILES = 'Device.BulkData.Profile.';
let desk: Desk;
beforeEach(() => {
  desk = createDesk();
  desk.event('joined');
});

function add(objPath: string, values: Readonly<Record<string, string>>): string {
  const { response, error } = desk.ask({ add: { createObjs: [{ objPath, paramSettings: required(values) }] } });
  if (error !== undefined) throw new Error(JSON.stringify(error));
  return response?.addResp?.createdObjResults[0]?.operStatus?.operSuccess?.instantiatedPath ?? '';
}
const set = (objPath: string, values: Readonly<Record<string, string>>) =>
  desk.ask({ set: { updateObjs: [{ objPath, paramSettings: required(values) }] } }).error?.paramErrs[0];

/** A profile with these references, each with its name. */
function profile(
  values: Readonly<Record<string, string>>,
  ...parameters: readonly Readonly<Record<string, string>>[]
): string {
  const path = add(PROFILES, { ReportingInterval: '60', ...values });
  for (const parameter of parameters) add(`${path}Parameter.`, parameter);
  set(path, { Enable: 'true' });
  return path;
}
const published = (effects: readonly UspEffect[]) =>
  effects.flatMap((effect) =>
    effect.do === 'publish' ? [effect.reports.map((one) => JSON.parse(one) as unknown)] : [],
  );
/** So many seconds later. */
function later(seconds: number): readonly UspEffect[] {
  const { mono, wall } = desk.now();
  desk.see({ mono: mono + seconds * 1_000, wall: wall + seconds * 1_000 });
  return desk.event('looked');
}
const events = (effects: readonly UspEffect[]) => desk.notices(effects).flatMap(({ event }) => event ?? []);
const taken = (path: string, was: boolean) =>
  desk.hear({ on: 'published', profile: path, taken: was, sight: desk.now(), chance: 0.5 });

const LOSSES = { Name: '', Reference: 'Device.IP.Interface.*.X_RELAIS_ProbesLost' };

describe('BulkData over the broker (TR-369 1.4, Annex A; M-1)', () => {
  it('M-1: a profile is its maker’s own, with all that attends it, and reports once an interval', () => {
    const path = profile({}, LOSSES, { Name: 'well', Reference: 'Device.IP.Interface.1.Enable' });
    expect(valuesOf(desk, 'support-2', path)).toMatchObject({
      [`${path}Controller`]: 'Device.LocalAgent.Controller.2',
      [`${path}Protocol`]: 'MQTT',
      [`${path}ParameterNumberOfEntries`]: '2',
      [`${path}JSONEncoding.ReportFormat`]: 'ObjectHierarchy',
      [`${path}MQTT.PublishTopic`]: 'bulk/support-2',
      [`${path}MQTT.PublishQoS`]: '1',
    });
    expect(published(later(59))).toEqual([]);
    const reports = published(later(1));
    expect(reports).toEqual([
      [
        {
          CollectionTime: Math.floor(desk.now().wall / 1_000),
          Device: { IP: { Interface: { 1: { X_RELAIS_ProbesLost: 0 }, 2: { X_RELAIS_ProbesLost: 6 } } } },
          well: true,
        },
      ],
    ]);
    taken(path, true);
    expect(published(later(30))).toEqual([]);
    expect(published(later(30))).toHaveLength(1);
  });

  it('R-BULK.9, R-BULK.10, R-BULK.10a: names carry instances and what is below an object; what is excluded is not there', () => {
    const path = profile(
      {},
      { Name: 'lost', Reference: 'Device.IP.Interface.*.X_RELAIS_ProbesLost' },
      { Name: 'trust', Reference: 'Device.X_RELAIS_Reliability.' },
      { Reference: 'Device.X_RELAIS_Reliability.HoldOffMs', Exclude: 'true' },
    );
    set(`${path}JSONEncoding.`, { ReportFormat: 'NameValuePair', ReportTimestamp: 'ISO-8601' });
    expect(published(later(60))).toEqual([
      [
        {
          ...{ CollectionTime: new Date(desk.now().wall).toISOString(), 'lost.1': 0, 'lost.2': 6 },
          ...{ 'trust.Enable': true, 'trust.VoiceLink': 'main', 'trust.DataLink': 'main' },
        },
      ],
    ]);
  });

  it('R-BULK.4: what the broker did not take is sent with the next report, as many as are retained', () => {
    const path = profile({ NumberOfRetainedFailedReports: '1' }, LOSSES);
    later(60);
    taken(path, false);
    expect(published(later(60))[0]).toHaveLength(2);
    taken(path, false);
    expect(published(later(60))[0]).toHaveLength(2);
    taken(path, true);
    expect(published(later(60))[0]).toHaveLength(1);
  });

  it('M-3, R-BULK.4: a broker that is away costs what is not retained, and nothing is asked of it', () => {
    const path = profile({ NumberOfRetainedFailedReports: '-1' }, LOSSES);
    later(60);
    desk.event('left');
    expect(published(later(60))).toEqual([]);
    expect(published(later(60))).toEqual([]);
    desk.event('joined');
    expect(published(later(60))[0]).toHaveLength(4);
    set(path, { NumberOfRetainedFailedReports: '0' });
    taken(path, false);
    expect(published(later(60))[0]).toHaveLength(1);
  });

  it('TR-181: a time reference sets the minute of the report', () => {
    profile({ ReportingInterval: '900', TimeReference: '2026-01-01T00:02:00Z' }, LOSSES);
    const wall = SIGHT.wall;
    const into = ((wall - Date.parse('2026-01-01T00:02:00Z')) / 1_000) % 900;
    expect(published(later(900 - into - 1))).toEqual([]);
    expect(published(later(1))).toHaveLength(1);
    expect(new Date(desk.now().wall).getUTCMinutes() % 15).toBe(2);
  });

  it('TP-469 10.10: as an event, told to its owner alone; ForceCollection() is at once and leaves the schedule', () => {
    subscribe(desk, 'Event', `${PROFILES}*.Push!`);
    subscribe(desk, 'Event', `${PROFILES}*.Push!`, 'support-1');
    const path = profile({ Protocol: 'USPEventNotif', Enable: 'false' }, LOSSES);
    set(path, { Enable: 'false' });
    expect(events(later(120))).toEqual([]);
    const before = desk.all.length;
    expect(operate(desk, `${path}ForceCollection()`)).toEqual({});
    const told = events(desk.all.slice(before));
    expect(told).toMatchObject([{ objPath: path, eventName: 'Push!' }]);
    expect(JSON.parse(told[0]?.params.Data ?? '')).toMatchObject({ Report: [{ Device: { IP: {} } }] });
    expect(events(later(120))).toEqual([]);
  });

  it('D-3, M-6: values that are not this agent’s are refused by name; other levels make no profiles', () => {
    const path = profile({}, LOSSES);
    expect(set(path, { ReportingInterval: '59' })).toMatchObject({
      paramPath: `${path}ReportingInterval`,
      errCode: 7012,
    });
    expect(set(path, { Protocol: 'HTTP' })?.errCode).toBe(7012);
    expect(set(path, { NumberOfRetainedFailedReports: '-2' })?.errCode).toBe(7012);
    expect(set(`${path}MQTT.`, { PublishTopic: 'relais/v1/example/relais-0001/up/records' })?.errCode).toBe(7012);
    expect(set(`${path}MQTT.`, { PublishRetain: 'true' })?.errCode).toBe(7012);
    expect(set(`${path}Parameter.1.`, { Reference: 'not a path' })?.errCode).toBe(7012);
    const refused = desk.ask({ add: { createObjs: [{ objPath: PROFILES }] } }, 'support-1').error;
    expect(refused?.paramErrs[0]?.errCode).toBe(7006);
    expect(valuesOf(desk, 'billing', 'Device.BulkData.')).toEqual({});
  });

  it('M-1: profiles are kept over a restart; one that is deleted is gone with all of it, and reports no more', () => {
    const path = profile({}, LOSSES);
    const kept = desk.all.flatMap((effect) => (effect.do === 'keep' ? [effect.book.rows] : [])).at(-1) ?? {};
    expect(Object.keys(kept).filter((row) => row.startsWith(PROFILES))).toEqual([path, `${path}Parameter.1.`]);
    desk.ask({ delete: { objPaths: [path] } });
    expect(published(later(60))).toEqual([]);
    expect(Object.keys(desk.state().book.rows).filter((row) => row.startsWith(PROFILES))).toEqual([]);
    set('Device.BulkData.', { Enable: 'false' });
    profile({}, LOSSES);
    expect(published(later(120))).toEqual([]);
  });

  it('M-1: reports that are too long together lose the oldest, and one alone is not sent', () => {
    expect(joinReports(['{"a":1}', '{"b":2}'], 1_000)).toBe('{"Report":[{"a":1},{"b":2}]}');
    expect(joinReports(['{"a":1}', '{"b":2}'], 25)).toBe('{"Report":[{"b":2}]}');
    expect(joinReports(['{"a":1}', '{"b":2}'], 10)).toBeUndefined();
  });
});
