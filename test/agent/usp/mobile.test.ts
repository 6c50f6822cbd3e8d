import { beforeEach, describe, expect, it } from 'vitest';
import type { CardReading, RadioReading } from '../../../agent/model/box-readings.ts';
import { createDesk } from './desk.ts';
import { type Desk, operate, valuesOf } from './read-desk.ts';

const CELL = 'Device.Cellular.Interface.1.';
const SIM = 'Device.TrustedElements.SIM.1.';
const card: CardReading = {
  ...{
    slot: 1,
    iccid: '8933150319000000001',
    imsi: '208150000000001',
    pin: 'open',
    locked: true,
    accessPoint: 'orange.fr',
  },
  profiles: [
    { iccid: '8933150319000000001', name: 'Orange', isEnabled: true, class: 'operational' },
    { iccid: '8933100000000000002', name: 'SFR', isEnabled: false, class: undefined },
  ],
};
const radio: RadioReading = {
  ...{ imei: '490154203237518', technology: '4G', network: 'Orange F', registered: 'home' },
  ...{ rssi: -71, rsrp: -98, rsrq: -10.5, sinr: 13 },
};
const mobile = { link: 'second', number: '+33612000001', swapping: false } as const;

let desk: Desk;
beforeEach(() => {
  desk = createDesk();
  desk.see({ mobile, readings: { radio, card } });
});
const wishes = () => desk.all.flatMap((effect) => (effect.do === 'swap' ? [effect.wish] : []));

describe('Cellular and TrustedElements of TR-181 (S-12, S-10, M-1)', () => {
  it('S-12, M-1: the radio as the modem tells it', () => {
    expect(valuesOf(desk, 'support-1', 'Device.Cellular.')).toMatchObject({
      'Device.Cellular.RoamingStatus': 'Home',
      'Device.Cellular.InterfaceNumberOfEntries': '1',
      [`${CELL}IMEI`]: '490154203237518',
      [`${CELL}CurrentAccessTechnology`]: 'LTE',
      [`${CELL}NetworkInUse`]: 'Orange F',
      [`${CELL}RSSI`]: '-71',
      [`${CELL}RSRP`]: '-98',
      [`${CELL}RSRQ`]: '-11',
      [`${CELL}X_RELAIS_SINR`]: '13',
      [`${CELL}Status`]: 'Down',
      [`${CELL}SIMReferenceList`]: 'Device.TrustedElements.SIM.1',
      [`${CELL}USIM.MSISDN`]: '33612000001',
      [`${CELL}USIM.Status`]: 'Valid',
      [`${CELL}USIM.PINCheck`]: 'Reboot',
      'Device.Cellular.AccessPoint.1.APN': 'orange.fr',
    });
  });

  it('S-1, M-1: the card, its profiles, and how the interface refers to it', () => {
    expect(valuesOf(desk, 'support-1', `${CELL}SIMReferenceList+.Profile.*.State`)).toEqual({
      [`${SIM}Profile.1.State`]: 'Active',
      [`${SIM}Profile.2.State`]: 'Inactive',
    });
    expect(valuesOf(desk, 'support-1', SIM)).toMatchObject({
      ...{
        [`${SIM}Type`]: 'eSIM',
        [`${SIM}ICCID`]: '8933150319000000001',
        [`${SIM}X_RELAIS_Slot`]: '1',
        [`${SIM}PIN`]: '',
      },
      ...{ [`${SIM}Profile.2.Name`]: 'SFR', [`${SIM}Profile.2.Class`]: 'Unknown' },
    });
    const { profiles, ...plain } = card;
    desk.see({ readings: { card: { ...plain, pin: 'blocked' } } });
    expect(valuesOf(desk, 'support-1', `${SIM}Type`, `${SIM}Status`)).toEqual({
      [`${SIM}Type`]: 'USIM',
      [`${SIM}Status`]: 'Blocked',
    });
    expect(profiles).toHaveLength(2);
  });

  it('S-12: what a modem did not say has no value, and a box without one has no rows', () => {
    desk.see({ readings: {} });
    expect(valuesOf(desk, 'support-1', `${CELL}RSSI`)).toEqual({});
    expect(valuesOf(desk, 'support-1', `${CELL}Status`)).toEqual({ [`${CELL}Status`]: 'Unknown' });
    desk.see({ mobile: undefined });
    expect(valuesOf(desk, 'support-1', 'Device.Cellular.', 'Device.X_RELAIS_ESIM.Status')).toEqual({
      'Device.Cellular.InterfaceNumberOfEntries': '0',
      'Device.Cellular.AccessPointNumberOfEntries': '0',
      'Device.X_RELAIS_ESIM.Status': 'NoModem',
    });
    expect(operate(desk, 'Device.X_RELAIS_ESIM.Swap()', { Slot: '2' })).toMatchObject({ errCode: 7022 });
  });
});

describe('orders for the card (S-1, S-8, M-6)', () => {
  it('S-1: swap, enable and download become orders of the engine of swaps, each with a name of its own', () => {
    operate(desk, 'Device.X_RELAIS_ESIM.Swap()', { Slot: '2', Reason: 'defect', AccessPoint: 'sl2sfr', PIN: '1234' });
    operate(desk, 'Device.X_RELAIS_ESIM.Enable()', { Profile: `${SIM}Profile.2` });
    operate(desk, 'Device.X_RELAIS_ESIM.Download()', {
      ActivationCode: 'LPA:1$smdp.example$SECRET',
      ConfirmationCode: '77',
    });
    expect(wishes()).toEqual([
      {
        order: {
          ...{ id: expect.stringMatching(/^usp-.+-1$/), target: { by: 'slot', slot: 2 }, accessPoint: 'sl2sfr' },
          ...{ reason: 'defect', by: 'self::support.support-2' },
        },
        pin: '1234',
      },
      {
        order: {
          ...{ id: expect.stringMatching(/^usp-.+-2$/), target: { by: 'profile', iccid: '8933100000000000002' } },
          ...{ reason: 'support', by: 'self::support.support-2' },
        },
      },
      {
        order: expect.objectContaining({ target: { by: 'download' } }),
        download: { code: 'LPA:1$smdp.example$SECRET', confirmation: '77' },
      },
    ]);
    expect(desk.state().going).toHaveLength(3);
  });

  it('S-8, M-6: the record says who ordered what, and no code and no PIN is in it, in the answer or in the book', () => {
    operate(desk, 'Device.X_RELAIS_ESIM.Download()', { ActivationCode: 'LPA:1$smdp.example$SECRET', PIN: '4321' });
    operate(desk, 'Device.X_RELAIS_ESIM.Download()', { ActivationCode: 'LPA:1$smdp.example$SECRET', PIN: 'none' });
    expect(desk.deeds()).toMatchObject([
      { by: 'self::support.support-2', paths: ['Device.X_RELAIS_ESIM.Download()'], outcome: 0 },
      { paths: ['Device.X_RELAIS_ESIM.Download()'], outcome: 7027 },
    ]);
    const others = desk.all.filter((effect) => effect.do !== 'swap');
    expect(JSON.stringify([others, desk.state()])).not.toMatch(/SECRET|4321/);
  });

  it.each([
    ['Swap()', { Slot: '3' }, 'Slot'],
    ['Swap()', { Slot: '1', ICCID: 'x' }, 'ICCID'],
    ['Swap()', { Slot: '1', Reason: 'boredom' }, 'Reason'],
    ['Swap()', { Slot: '1', AccessPoint: 'a b' }, 'AccessPoint'],
    ['Enable()', { Profile: `${SIM}Profile.9` }, 'Profile'],
    ['Enable()', { Profile: 'Device.DeviceInfo' }, 'Profile'],
    ['Download()', { ActivationCode: '' }, 'ActivationCode'],
  ])('S-1: %s with %j is refused by the name of the argument', (name, input, says) => {
    const { errCode, errMsg } = operate(desk, `Device.X_RELAIS_ESIM.${name}`, input);
    expect([errCode, errMsg, wishes()]).toEqual([7027, expect.stringContaining(says), []]);
  });

  it('D-3: the first level reads and orders nothing', () => {
    expect(operate(desk, 'Device.X_RELAIS_ESIM.Swap()', { Slot: '2' }, 'support-1')).toMatchObject({ errCode: 7006 });
    expect(valuesOf(desk, 'client', 'Device.Cellular.', 'Device.TrustedElements.')).toEqual({});
  });
});
