import { beforeEach, describe, expect, it } from 'vitest';
import { joinReports } from '../../../agent/usp/agent/bulk-report.ts';
import type { UspEffect } from '../../../agent/usp/agent/state.ts';
import { createDesk, required } from './desk.ts';

/* TP-469 1.4.0, 10.10 to 10.13, step by step; each with both encodings. */

const ME = 'Device.LocalAgent.Controller.2.';
const ENCODINGS = ['JSON', 'CSV'] as const;
let desk: ReturnType<typeof createDesk>;
const add = (objPath: string, values: Readonly<Record<string, string>>, isRequired = true) => {
  const paramSettings = required(values).map((one) => ({ ...one, required: isRequired }));
  const { response } = desk.ask({ add: { createObjs: [{ objPath, paramSettings }] } });
  return response?.addResp?.createdObjResults[0]?.operStatus?.operSuccess;
};
/** The two objects that step 6 of the cases enables, and 130 seconds. */
function run(profile: string): readonly UspEffect[] {
  const updateObjs = ['Device.BulkData.', profile].map((objPath) => ({
    objPath,
    paramSettings: required({ Enable: 'true' }),
  }));
  expect(desk.ask({ set: { updateObjs } }).error).toBeUndefined();
  return Array.from({ length: 130 }, () => {
    const { mono, wall } = desk.now();
    desk.see({ mono: mono + 1_000, wall: wall + 1_000 });
    const effects = desk.event('looked');
    for (const effect of effects)
      if (effect.do === 'publish')
        desk.hear({ on: 'published', profile: effect.profile, taken: true, sight: desk.now(), chance: 0.5 });
    return effects;
  }).flat();
}
/** Names of what a report has, whichever way it is written. */
function names(data: string, encoding: string): readonly string[] {
  if (encoding === 'CSV') return data.split('\r\n')[0]?.split(',').slice(1) ?? [];
  const report =
    (JSON.parse(data) as { readonly Report: readonly Readonly<Record<string, unknown>>[] }).Report[0] ?? {};
  return Object.keys(report).filter((name) => name !== 'CollectionTime');
}

beforeEach(() => {
  desk = createDesk();
  desk.answerNotice(desk.event('joined'));
  for (const ParameterName of ['Device.LocalAgent.SoftwareVersion', 'Device.LocalAgent.UpTime'])
    add(`${ME}BootParameter.`, { Enable: 'true', ParameterName });
});

const CASES = [
  ['10.10', 'UpTime', 'Device.DeviceInfo.UpTime', /^UpTime$/, 1],
  [
    '10.11',
    'Enabled',
    'Device.LocalAgent.Controller.*.BootParameter.*.Enable',
    /^Enabled\.[1-9][0-9]*\.[1-9][0-9]*$/,
    2,
  ],
  ['10.12', 'Controller', 'Device.LocalAgent.Controller.', /^Controller\./, 40],
] as const;

describe('BulkData by Push! (TR-369 1.4, Annex A)', () => {
  it.each(CASES.flatMap((one) => ENCODINGS.map((encoding) => [...one, encoding] as const)))(
    'TP-469 %s: %s of %s, two reports in 130 s, each with the names that are wanted',
    (_, Name, Reference, wanted, least, EncodingType) => {
      const profile =
        add('Device.BulkData.Profile.', { Protocol: 'USPEventNotif', EncodingType, ReportingInterval: '60' }, false)
          ?.instantiatedPath ?? '';
      add(`${profile}Parameter.`, { Name, Reference });
      if (EncodingType === 'JSON')
        desk.ask({
          set: {
            updateObjs: [
              { objPath: `${profile}JSONEncoding.`, paramSettings: required({ ReportFormat: 'NameValuePair' }) },
            ],
          },
        });
      const event = { NotifType: 'Event', ReferenceList: `${profile}Push!`, Enable: 'true' };
      add('Device.LocalAgent.Subscription.', event);
      const pushed = desk.notices(run(profile)).flatMap((one) => (one.event ? [one.event] : []));
      expect(pushed.map(({ eventName }) => eventName)).toEqual(['Push!', 'Push!']);
      for (const { params } of pushed) {
        const found = names(params.Data ?? '', EncodingType);
        expect(found.length).toBeGreaterThanOrEqual(least);
        expect(found.filter((name) => !wanted.test(name))).toEqual([]);
      }
    },
  );
});

describe('BulkData over MQTT', () => {
  it.each(ENCODINGS)(
    'TP-469 10.13 with %s: parameters of MQTT. with the Add; a topic of somebody else is refused by name',
    (EncodingType) => {
      const made = add(
        'Device.BulkData.Profile.',
        {
          ...{ Protocol: 'MQTT', EncodingType, ReportingInterval: '60', 'MQTT.Reference': 'Device.MQTT.Client.1' },
          'MQTT.PublishTopic': 'mqtt-bulkdata',
        },
        false,
      );
      expect(made?.paramErrs).toMatchObject([{ param: 'MQTT.PublishTopic', errCode: 7012 }]);
      const profile = made?.instantiatedPath ?? '';
      expect(desk.state().book.rows[`${profile}MQTT.`]).toEqual({ Reference: 'Device.MQTT.Client.1' });
      add(`${profile}Parameter.`, { Name: 'UpTime', Reference: 'Device.DeviceInfo.UpTime' });
      const published = run(profile).flatMap((effect) => (effect.do === 'publish' ? [effect] : []));
      expect(published).toHaveLength(2);
      for (const { reports, encoding } of published)
        expect(names(joinReports(reports, 10_000, encoding) ?? '', EncodingType)).toEqual(['UpTime']);
    },
  );

  it('TR-369 R-ADD.2: only single objects inside of the row are reached so, and only what is there', () => {
    const made = add(
      'Device.BulkData.Profile.',
      { 'Parameter.1.Name': 'x', 'HTTP.URL': 'https://x', 'MQTT.Topic': 'x', 'MQTT.PublishTopic': 'bulk/support-2' },
      false,
    );
    expect(made?.paramErrs.map(({ param, errCode }) => [param, errCode])).toEqual([
      ['Parameter.1.Name', 7010],
      ['HTTP.URL', 7010],
      ['MQTT.Topic', 7010],
    ]);
    const refused = add('Device.BulkData.Profile.', { 'MQTT.PublishQoS': '2' });
    expect(refused).toBeUndefined();
    expect(Object.keys(desk.state().book.rows).filter((path) => path.includes('Profile.2.'))).toEqual([]);
  });
});

describe('CSV (RFC 4180; TR-369 1.4, R-BULK.11 to R-BULK.13)', () => {
  function profileOf(layout: Readonly<Record<string, string>>) {
    const profile = add('Device.BulkData.Profile.', {
      EncodingType: 'CSV',
      ReportingInterval: '60',
      Enable: 'true',
    })?.instantiatedPath;
    desk.ask({ set: { updateObjs: [{ objPath: `${profile}CSVEncoding.`, paramSettings: required(layout) }] } });
    return profile ?? '';
  }
  const report = (effects: readonly UspEffect[]) =>
    effects.flatMap((effect) => (effect.do === 'publish' ? [joinReports(effect.reports, 10_000, 'CSV')] : [])).at(-1);
  const later = () => {
    const { mono, wall } = desk.now();
    desk.see({ mono: mono + 60_000, wall: wall + 60_000 });
    return desk.event('looked');
  };

  it('R-BULK.12: a parameter a row, with its type; what holds a separator is quoted', () => {
    desk.ask({
      set: {
        updateObjs: [{ objPath: 'Device.DeviceInfo.', paramSettings: required({ FriendlyName: 'Shop, "north"' }) }],
      },
    });
    const profile = profileOf({ ReportFormat: 'ParameterPerRow', RowTimestamp: 'ISO-8601' });
    add(`${profile}Parameter.`, { Reference: 'Device.DeviceInfo.FriendlyName' });
    add(`${profile}Parameter.`, { Reference: 'Device.IP.Interface.1.Enable', Name: 'on' });
    const text = report(later());
    const time = new Date(desk.now().wall).toISOString();
    expect(text?.split('\r\n')).toEqual([
      'ReportTimestamp,ParameterName,ParameterValue,ParameterType',
      `${time},Device.DeviceInfo.FriendlyName,"Shop, ""north""",string`,
      `${time},on,true,boolean`,
      '',
    ]);
  });

  it('R-BULK.11: a parameter a column; what was not taken comes before, under the same headers', () => {
    const profile = profileOf({ FieldSeparator: ';', RowSeparator: '\n', RowTimestamp: 'None' });
    desk.ask({
      set: { updateObjs: [{ objPath: profile, paramSettings: required({ NumberOfRetainedFailedReports: '-1' }) }] },
    });
    add(`${profile}Parameter.`, { Reference: 'Device.IP.Interface.*.X_RELAIS_ProbesLost', Name: 'lost' });
    expect(report(later())).toBe('lost.1;lost.2\n0;6\n');
    desk.hear({ on: 'published', profile, taken: false, sight: desk.now(), chance: 0.5 });
    expect(report(later())).toBe('lost.1;lost.2\n0;6\n0;6\n');
    desk.hear({ on: 'published', profile, taken: false, sight: desk.now(), chance: 0.5 });
    desk.see({ links: desk.now().links.slice(0, 1) });
    expect(report(later())).toBe('lost.1;lost.2\n0;6\n0;6\nlost.1\n0\n');
  });

  it('TR-369: another encoding forgets what was not taken', () => {
    const profile = profileOf({});
    const paramSettings = required({ NumberOfRetainedFailedReports: '-1' });
    desk.ask({ set: { updateObjs: [{ objPath: profile, paramSettings }] } });
    add(`${profile}Parameter.`, { Reference: 'Device.DeviceInfo.SerialNumber' });
    later();
    desk.hear({ on: 'published', profile, taken: false, sight: desk.now(), chance: 0.5 });
    desk.ask({ set: { updateObjs: [{ objPath: profile, paramSettings: required({ EncodingType: 'JSON' }) }] } });
    const reports = later().flatMap((effect) => (effect.do === 'publish' ? effect.reports : []));
    expect(reports.map((one) => JSON.parse(one))).toEqual([
      { CollectionTime: expect.any(Number), Device: { DeviceInfo: { SerialNumber: 'relais-0001' } } },
    ]);
  });
});
