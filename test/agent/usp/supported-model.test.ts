import { describe, expect, it } from 'vitest';
import type { BoxReadings } from '../../../agent/model/box-readings.ts';
import { checkValue } from '../../../agent/usp/model/check-value.ts';
import { typePath } from '../../../agent/usp/model/object-type.ts';
import { TYPES } from '../../../agent/usp/model/site-model.ts';
import { EMPTY_VOICE_BOOK, noteVoice } from '../../../agent/usp/voice-book.ts';
import { createDesk, required } from './desk.ts';
import { valuesOf } from './read-desk.ts';

const counts = { bytes: 1, packets: 1, errors: 0, dropped: 0 };
const READINGS: BoxReadings = {
  interfaces: [
    {
      ...{ name: 'eth0', carries: { link: 'main' }, mac: '02:00:00:00:00:01', mtu: 1_500, state: 'up', collisions: 0 },
      ...{ sent: counts, received: { ...counts, multicast: 0 } },
    },
  ],
  machine: {
    busy: 3,
    processes: [{ pid: 1, command: 'init', size: 1, priority: 50, cpuTime: 1, state: 'Running' }],
    medium: { total: 2, free: 1 },
  },
  radio: { imei: '490154203237518', technology: '5G', registered: 'roaming', rssi: -70, rsrp: -99, rsrq: -11, sinr: 2 },
  card: {
    ...{
      slot: 2,
      iccid: '8933150319000000001',
      imsi: '208150000000001',
      pin: 'open',
      locked: false,
      accessPoint: 'a.b',
    },
    profiles: [{ iccid: '8933150319000000001', name: 'One', isEnabled: true, class: 'test' }],
  },
  temperatures: [{ name: 'board', celsius: 90, highAlarm: 70 }],
  lamps: [{ name: 'links', state: 'failed', reason: '', cycle: [{ color: 'FF0000', duration: 1, brightness: 1 }] }],
  power: { mains: false, batteryPercent: 5 },
};

/** A site where everything is there and half of it is wrong. */
function everything() {
  const desk = createDesk();
  const at = 1_790_000_000_000;
  const call = {
    call: 'a',
    direction: 'outgoing',
    caller: '0172890001',
    called: '0612345678',
    class: 'mobile',
  } as const;
  const dialog = {
    ...{ sipCallId: 'x', server: 'p', phone: { address: '10.1.0.2', port: 1 }, phoneParty: '', networkParty: '' },
    ...{ recordRoute: [], phoneSequence: 1, networkSequence: 1 },
  };
  const reserved = { bundleSeconds: 0, paidSeconds: 0, ticks: 0 };
  const context = { at, lineOf: () => '+33172890001' };
  const over = noteVoice(
    EMPTY_VOICE_BOOK,
    {
      ...{ kind: 'call-ended', ...call, links: ['main'], startedAt: at, answeredAt: at, endedAt: at, seconds: 1 },
      ...{ cause: 'caller-hung-up', sipStatus: 200, codec: 'PCMA', complete: true },
    },
    context,
  );
  const judged = noteVoice(over, { kind: 'call-quality', call: 'a', sent: {}, heard: {} }, context);
  const voice = noteVoice(
    judged,
    { kind: 'call-admitted', ...call, call: 'b', link: 'main', reserved, dialog, media: null },
    context,
  );
  desk.see({
    ...{ readings: READINGS, voice, mobile: { link: 'second', number: '+33612000001', swapping: true } },
    ...{ mains: false, faxLines: [{ number: '+33172890002', mode: 'machine' }] },
  });
  desk.event('joined');
  const made = desk.ask({ add: { createObjs: [{ objPath: 'Device.BulkData.Profile.' }] } }).response;
  const profile = made?.addResp?.createdObjResults[0]?.operStatus?.operSuccess?.instantiatedPath ?? '';
  const paramSettings = required({ Reference: 'Device.DeviceInfo.' });
  desk.ask({ add: { createObjs: [{ objPath: `${profile}Parameter.`, paramSettings }] } });
  return desk;
}

describe('GetSupportedDM tells the truth (TR-369 1.4; M-1)', () => {
  it('M-1: every value that can be read is declared, and is of the type that it is declared with', () => {
    const values = Object.entries(valuesOf(everything(), 'support-2', 'Device.'));
    const wrong = values.flatMap(([path, value]) => {
      const cut = path.lastIndexOf('.') + 1;
      const parameter = TYPES.get(typePath(path.slice(0, cut)))?.parameters?.[path.slice(cut)];
      if (parameter === undefined) return [`${path} is not declared`];
      const { type } = parameter;
      // What the card of a plan has no value for is the empty string, which only strings may be.
      const checked = checkValue({ type, longest: 4_000 }, value, path);
      return 'errCode' in checked ? [`${checked.errMsg}: "${value}"`] : [];
    });
    expect(wrong).toEqual([]);
    expect(values.length).toBeGreaterThan(400);
  });

  it('M-1: every object that is declared is there when there is something to be seen, but for services that are not managed', () => {
    const there = new Set(
      Object.keys(valuesOf(everything(), 'support-2', 'Device.')).map((path) =>
        typePath(path.slice(0, path.lastIndexOf('.') + 1)),
      ),
    );
    const absent = [...TYPES.values()]
      .filter(({ path, parameters }) => parameters !== undefined && !there.has(path))
      .map(({ path }) => path)
      .filter((path) => !/^Device\.(NAT|Firewall|DHCPv4|DNS|Routing|QoS|X_RELAIS_Services)\.|IPv4Address/.test(path));
    // Shown where somebody makes them: restarts.test.ts, fax-documents.test.ts, controllers.test.ts.
    const elsewhere = /FirmwareImage|BootParameter|X_RELAIS_Restarts|X_RELAIS_Fax\.(Document|Received)/;
    expect(absent.filter((path) => !elsewhere.test(path))).toEqual([
      'Device.Services.VoiceService.{i}.CallLog.{i}.Session.{i}.Source.RTP.',
      'Device.LocalAgent.Subscription.{i}.',
      'Device.LocalAgent.Request.{i}.',
    ]);
  });

  it('M-1: keys, required arguments and access as declared are as they are answered', () => {
    const asked = {
      ...{ objPaths: ['Device.'], firstLevelOnly: false, returnCommands: true, returnEvents: true },
      ...{ returnParams: true, returnUniqueKeySets: true },
    };
    const answer = everything().ask({ getSupportedDm: asked }).response?.getSupportedDmResp;
    const objects = answer?.reqObjResults[0]?.supportedObjs ?? [];
    expect(objects).toHaveLength(TYPES.size);
    for (const { supportedObjPath: path, supportedParams, uniqueKeySets, supportedCommands, access } of objects) {
      const names = supportedParams.map(({ paramName }) => paramName);
      for (const { keyNames } of uniqueKeySets)
        expect([path, names]).toEqual([path, expect.arrayContaining([...keyNames])]);
      for (const { commandName, inputArgNames } of supportedCommands)
        expect(inputArgNames).toEqual(
          expect.arrayContaining([...(TYPES.get(path)?.commands?.[commandName]?.required ?? [])]),
        );
      expect([path, access]).toEqual([path, TYPES.get(path)?.rows === 'add-delete' ? 1 : 0]);
    }
    const parameter = (path: string, name: string) =>
      objects
        .find(({ supportedObjPath }) => supportedObjPath === path)
        ?.supportedParams.find(({ paramName }) => paramName === name);
    expect(parameter('Device.LEDs.LED.{i}.CycleElement.{i}.', 'Color')?.valueType).toBe(5);
    expect(parameter('Device.IP.Interface.{i}.Stats.', 'BytesSent')).toMatchObject({
      valueType: 10,
      valueChange: 2,
      access: 0,
    });
    expect(parameter('Device.Ethernet.Interface.{i}.', 'Status')).toMatchObject({ valueChange: 1 });
    expect(parameter('Device.BulkData.Profile.{i}.', 'ReportingInterval')).toMatchObject({ valueType: 9, access: 1 });
  });
});
