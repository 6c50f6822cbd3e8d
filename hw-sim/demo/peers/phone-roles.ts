import { answersCall, placesCall, registers, ringsUntilCanceled, sipUri } from '../../voice/sipp-flows.ts';
import type { Role } from './role.ts';
import { BACK, BUNDLED, carrier, FRONT, first, hungUp, OUTSIDE, outside, second, third } from './words.ts';

export const carriers: readonly Pick<Role, 'name' | 'steps' | 'socket' | 'of'>[] = [
  { name: 'carrier', socket: `${carrier}:5080`, of: 'operator', steps: answersCall(200) },
  { name: 'late-carrier', socket: `${carrier}:5081`, of: 'operator', steps: ringsUntilCanceled },
];

/** A phone that registers and is then called at that address. */
export const registered = (name: string, number: string, socket: string): Role => ({
  ...{ name, shows: `Kamailio takes the registration of ${number} with digest authentication`, socket },
  ...{ of: 'site', fate: 'passes', steps: registers(number) },
});

export const phones: readonly Role[] = [
  registered('register-front', '+33172890001', `${first}:5060`),
  registered('register-back', '+33172890002', `${second}:5060`),
  registered('register-back-too', '+33172890002', `${third}:5060`),
];

/** The two phones of the back office: one is picked up, the other rings until Kamailio cancels it. */
export const backOffice: readonly Role[] = [
  { name: 'back', shows: '', socket: `${second}:5060`, of: 'site', fate: 'passes', steps: answersCall(700) },
  { name: 'back-too', shows: '', socket: `${third}:5060`, of: 'site', fate: 'passes', steps: ringsUntilCanceled },
];

export const proxied: readonly Role[] = [
  {
    name: 'inner',
    shows:
      'U-1: a call between two phones of the site, challenged, record-routed and forked by Kamailio: one record a leg',
    ...{ socket: `${first}:6109`, of: 'site', fate: 'passes' },
    ends: [
      ...hungUp('on-net', [2, 7]),
      { cause: 'caller-hung-up', class: 'on-net', seconds: [2, 7], direction: 'incoming' },
      { cause: 'canceled', class: 'on-net', seconds: [0, 0], direction: 'incoming' },
    ],
    steps: placesCall({ uri: sipUri('0172890002'), from: FRONT, challenged: true, talkMs: 1_500 }),
  },
  {
    name: 'outward',
    shows: 'U-1: a challenged call outwards with RTP is one record',
    ...{ socket: `${first}:6110`, of: 'site', fate: 'passes' },
    ends: hungUp('geographic', [2, 7]),
    steps: placesCall({ uri: sipUri(BUNDLED), from: FRONT, challenged: true, talkMs: 1_500, rtp: true }),
  },
  {
    name: 'forked',
    shows: 'U-1, U-2: a fork to two contacts outside, one answers, one is cancelled: one record, from the answer',
    ...{ socket: `${first}:6111`, of: 'site', fate: 'passes' },
    ends: hungUp('geographic', [2, 7]),
    steps: placesCall({ uri: sipUri('0199000099'), from: BACK, talkMs: 1_200 }),
  },
  {
    name: 'stream',
    shows: 'Q-3: a call over TCP passes, the bytes of both streams as they were',
    ...{ socket: `${second}:6112`, of: 'site', fate: 'passes', transport: 'tcp' },
    ends: hungUp('geographic', [1, 6]),
    steps: placesCall({ uri: sipUri(BUNDLED), from: BACK, talkMs: 300 }),
  },
];

export const callsThroughSecond: Role = {
  name: 'through-second',
  shows: 'F-3: a phone calls through the second link before it has registered there',
  ...{ socket: `${first}:6150`, of: 'site', fate: 'passes' },
  ends: hungUp('geographic', [1, 6]),
  steps: placesCall({ uri: sipUri(BUNDLED), from: BACK, talkMs: 300 }),
};

export const streamThroughSecond: Role = {
  name: 'stream-through-second',
  shows: 'F-3: a phone that speaks TCP connects anew through the second link and calls',
  ...{ socket: `${second}:6151`, of: 'site', fate: 'passes', transport: 'tcp' },
  ends: hungUp('geographic', [1, 6]),
  steps: placesCall({ uri: sipUri(BUNDLED), from: BACK, talkMs: 300 }),
};

/** What rings at the front desk; it answers at the address that `phones` registered. */
export const frontDesk: Role = {
  ...{ name: 'front', shows: '', socket: `${first}:5060`, of: 'site', fate: 'passes', steps: answersCall(200) },
};

export const callsFrontDesk = (name: string, shows: string, port: number): Role =>
  outside(
    name,
    {
      shows,
      fate: 'passes',
      ends: [{ cause: 'caller-hung-up', class: 'geographic', seconds: [1, 6], direction: 'incoming' }],
      steps: placesCall({ uri: sipUri('0172890001'), from: OUTSIDE, talkMs: 300 }),
    },
    port,
  );
