import { beforeEach, describe, expect, it } from 'vitest';
import type { CallEnded, LedgerEvent } from '../../../agent/model/record.ts';
import { lineOfNumber, masked } from '../../../agent/usp/model/line-of-number.ts';
import { EMPTY_VOICE_BOOK, MOST_LOGGED, noteVoice, type VoiceBook } from '../../../agent/usp/voice-book.ts';
import { createDesk, SIGHT } from './desk.ts';
import { type Desk, valuesOf } from './read-desk.ts';

const SERVICE = 'Device.Services.VoiceService.1.';
const AT = 1_790_000_000_000;
const rest = { class: 'geographic', sipStatus: 200, codec: 'PCMA', complete: true } as const;
const dialog = {
  ...{ sipCallId: 'x', server: 'proxy', phone: { address: '10.1.0.2', port: 5060 }, phoneParty: '', networkParty: '' },
  ...{ recordRoute: [], phoneSequence: 1, networkSequence: 1 },
};

const admitted = (call: string, direction: 'outgoing' | 'incoming', caller: string, called: string): LedgerEvent => ({
  ...{ kind: 'call-admitted', call, direction, caller, called, class: rest.class, link: 'main', dialog, media: null },
  reserved: { bundleSeconds: 0, paidSeconds: 0, ticks: 0 },
});
const ended = (call: string, said: Partial<CallEnded>): CallEnded => ({
  ...{
    kind: 'call-ended',
    call,
    direction: 'outgoing',
    caller: '0172890001',
    called: '0612345678',
    ...rest,
    links: ['main'],
  },
  ...{ startedAt: AT, answeredAt: AT + 5_000, endedAt: AT + 65_000, seconds: 60, cause: 'caller-hung-up', ...said },
});
const lineOf = (number: string) => lineOfNumber(SIGHT.lines, number);
const fold = (...events: readonly LedgerEvent[]): VoiceBook =>
  events.reduce((book, event) => noteVoice(book, event, { at: AT, lineOf }), EMPTY_VOICE_BOOK);

let desk: Desk;
beforeEach(() => {
  desk = createDesk();
});

describe('calls of TR-104 (M-1, U-6, D-1)', () => {
  it('M-1, U-6, D-1: a call that is over is in the log, its far end without the last digits', () => {
    desk.see({ voice: fold(admitted('a', 'outgoing', '0172890001', '0612345678'), ended('a', {})) });
    expect(valuesOf(desk, 'support-1', `${SERVICE}CallLog.1.`)).toEqual({
      [`${SERVICE}CallLog.1.Alias`]: 'cpe-1',
      [`${SERVICE}CallLog.1.CallingPartyNumber`]: '+33172890001',
      [`${SERVICE}CallLog.1.CalledPartyNumber`]: '061234****',
      [`${SERVICE}CallLog.1.UsedLine`]: `${SERVICE}CallControl.Line.1`,
      [`${SERVICE}CallLog.1.Direction`]: 'Outgoing',
      [`${SERVICE}CallLog.1.Start`]: '2026-09-21T14:13:20Z',
      [`${SERVICE}CallLog.1.Duration`]: '60',
      [`${SERVICE}CallLog.1.CallTerminationCause`]: 'LocalDisconnect',
      [`${SERVICE}CallLog.1.SessionNumberOfEntries`]: '1',
      [`${SERVICE}CallLog.1.X_RELAIS_SIPStatus`]: '200',
      [`${SERVICE}CallLog.1.Session.1.StreamType`]: 'Audio',
      [`${SERVICE}CallLog.1.Session.1.Start`]: '2026-09-21T14:13:25Z',
      [`${SERVICE}CallLog.1.Session.1.Duration`]: '60',
      [`${SERVICE}CallLog.1.Session.1.SessionID`]: 'a',
      [`${SERVICE}CallLog.1.Session.1.X_RELAIS_Codec`]: 'PCMA',
      [`${SERVICE}CallLog.1.Session.1.X_RELAIS_MOSHeardHundredths`]: '0',
      [`${SERVICE}CallLog.1.Session.1.X_RELAIS_MOSSentHundredths`]: '0',
    });
    expect(masked('+33612345678')).toBe('+3361234****');
    expect(masked('3615')).toBe('3615');
  });

  it('M-1, Q-5: what was seen of its media stands on the leg of the network', () => {
    const sent = { rtcp: { reports: 3, lossPermyriad: 150, jitterMicros: 700 }, mosHundredths: 421 };
    const heard = { counters: { packets: 3_000, octets: 480_000, lossPermyriad: 40 }, mosHundredths: 433 };
    const quality: LedgerEvent = { kind: 'call-quality', call: 'a', networkRoundTripMicros: 22_000, sent, heard };
    desk.see({ voice: fold(ended('a', {}), quality) });
    const leg = `${SERVICE}CallLog.1.Session.1.Destination.RTP.`;
    expect(valuesOf(desk, 'support-1', leg, `${SERVICE}CallLog.1.Session.1.X_RELAIS_MOSHeardHundredths`)).toMatchObject(
      {
        [`${leg}PacketsReceived`]: '3000',
        [`${leg}BytesReceived`]: '480000',
        [`${leg}ReceivePacketLossRate`]: '0',
        [`${leg}FarEndPacketLossRate`]: '2',
        [`${leg}AverageFarEndInterarrivalJitter`]: '700',
        [`${leg}AverageReceiveInterarrivalJitter`]: '-1',
        [`${leg}AverageRoundTripDelay`]: '22000',
        [`${SERVICE}CallLog.1.Session.1.X_RELAIS_MOSHeardHundredths`]: '433',
      },
    );
    expect(valuesOf(desk, 'support-1', `${SERVICE}CallControl.Line.1.Stats.RTP.PacketsReceived`)).toEqual({
      [`${SERVICE}CallControl.Line.1.Stats.RTP.PacketsReceived`]: '3000',
    });
  });

  it('M-1: counts of a line: connected, failed and dropped calls; busy and unanswered ones are neither', () => {
    const incoming = { direction: 'incoming', caller: '0612345678', called: '+33172890002' } as const;
    desk.see({
      voice: fold(
        ended('a', {}),
        ended('b', { answeredAt: null, seconds: 0, cause: 'busy', sipStatus: 486 }),
        ended('c', { answeredAt: null, seconds: 0, cause: 'failed', sipStatus: 503 }),
        ended('d', { cause: 'lost', seconds: 3 }),
        ended('e', { ...incoming, cause: 'called-hung-up' }),
      ),
    });
    const stats = `${SERVICE}CallControl.Line.1.Stats.OutgoingCalls.`;
    expect(valuesOf(desk, 'billing', stats)).toEqual({
      [`${stats}CallsAttempted`]: '4',
      [`${stats}CallsConnected`]: '2',
      [`${stats}CallsFailed`]: '1',
      [`${stats}CallsDropped`]: '1',
      [`${stats}TotalCallTime`]: '63',
    });
    expect(valuesOf(desk, 'support-1', `${SERVICE}CallControl.Line.2.Stats.IncomingCalls.CallsConnected`)).toEqual({
      [`${SERVICE}CallControl.Line.2.Stats.IncomingCalls.CallsConnected`]: '1',
    });
    expect(valuesOf(desk, 'support-1', `${SERVICE}CallLog.*.CallTerminationCause`)).toEqual({
      [`${SERVICE}CallLog.1.CallTerminationCause`]: 'LocalDisconnect',
      [`${SERVICE}CallLog.2.CallTerminationCause`]: 'RemoteBusy',
      [`${SERVICE}CallLog.3.CallTerminationCause`]: 'RemoteNetworkFailure',
      [`${SERVICE}CallLog.4.CallTerminationCause`]: 'LocalInternalError',
      [`${SERVICE}CallLog.5.CallTerminationCause`]: 'LocalDisconnect',
    });
  });

  it('M-1: calls in progress, and the state of their line', () => {
    const ringing = admitted('a', 'incoming', '0612345678', '0172890001');
    desk.see({ voice: fold(ringing) });
    expect(
      valuesOf(desk, 'support-1', `${SERVICE}CallControl.Line.*.CallStatus`, `${SERVICE}X_RELAIS_Call.`),
    ).toMatchObject({
      [`${SERVICE}CallControl.Line.1.CallStatus`]: 'Alerting',
      [`${SERVICE}CallControl.Line.2.CallStatus`]: 'Idle',
      [`${SERVICE}X_RELAIS_Call.1.RemoteParty`]: '061234****',
      [`${SERVICE}X_RELAIS_Call.1.CallStatus`]: 'Alerting',
      [`${SERVICE}X_RELAIS_Call.1.Link`]: 'main',
    });
    desk.see({ voice: fold(ringing, { kind: 'call-answered', call: 'a', dialog, media: null }) });
    expect(Object.values(valuesOf(desk, 'support-1', `${SERVICE}CallControl.Line.1.CallStatus`))).toEqual([
      'Connected',
    ]);
    desk.see({ voice: fold(ringing, ended('a', { direction: 'incoming' })) });
    expect(valuesOf(desk, 'support-1', `${SERVICE}X_RELAIS_Call.`)).toEqual({});
  });

  it('D-3: a client sees calls and counts of its own lines alone', () => {
    const other = { caller: '+33172890002' };
    desk.see({
      voice: fold(
        ended('a', {}),
        ended('b', other),
        admitted('c', 'outgoing', '+33172890002', '0612345678'),
        admitted('d', 'outgoing', '+33172890001', '0612345678'),
      ),
    });
    const seen = Object.keys(valuesOf(desk, 'client', `${SERVICE}CallLog.`, `${SERVICE}X_RELAIS_Call.`));
    expect(seen.filter((path) => path.endsWith('.UsedLine'))).toEqual([
      `${SERVICE}CallLog.1.UsedLine`,
      `${SERVICE}X_RELAIS_Call.2.UsedLine`,
    ]);
    expect(seen.some((path) => path.includes('CallLog.2.Session'))).toBe(false);
    expect(
      Object.keys(valuesOf(desk, 'client', `${SERVICE}CallControl.Line.*.Stats.`)).every((path) =>
        path.includes('.Line.1.'),
      ),
    ).toBe(true);
  });

  it('M-1: the log keeps the newest, under numbers that are never used twice', () => {
    const many = Array.from({ length: MOST_LOGGED + 5 }, (_, index) => ended(`call-${index}`, {}));
    desk.see({ voice: fold(...many) });
    const rows = Object.keys(valuesOf(desk, 'support-1', `${SERVICE}CallLog.*.Duration`));
    expect([
      rows.length,
      rows.includes(`${SERVICE}CallLog.5.Duration`),
      rows.includes(`${SERVICE}CallLog.55.Duration`),
    ]).toEqual([MOST_LOGGED, false, true]);
  });

  it('X-3, U-6: faxes of a line, under way and over', () => {
    const fax = {
      fax: 'f',
      direction: 'sent',
      line: '+33172890002',
      party: '+33123456789',
      class: rest.class,
    } as const;
    const end: LedgerEvent = {
      ...{ kind: 'fax-ended', ...fax, begun: true, startedAt: AT, answeredAt: AT, endedAt: AT, seconds: 40, pages: 3 },
      ...{
        rate: 14_400,
        ecm: true,
        mended: { ppr: 0, rtn: 0 },
        sipCallId: null,
        outcome: 'all-confirmed',
        complete: true,
      },
    };
    const faxLines = [{ number: '+33172890002', mode: 'terminal' }] as const;
    desk.see({ faxLines, voice: fold({ kind: 'fax-begun', ...fax }) });
    expect(valuesOf(desk, 'support-1', `${SERVICE}X_RELAIS_Fax.SendingNow`)).toEqual({
      [`${SERVICE}X_RELAIS_Fax.SendingNow`]: '1',
    });
    desk.see({ faxLines, voice: fold({ kind: 'fax-begun', ...fax }, end) });
    expect(
      valuesOf(desk, 'support-1', `${SERVICE}X_RELAIS_Fax.`, `${SERVICE}VoIPProfile.1.FaxT38.MaxBitRate`),
    ).toMatchObject({
      [`${SERVICE}X_RELAIS_Fax.SendingNow`]: '0',
      [`${SERVICE}X_RELAIS_Fax.Line.1.Mode`]: 'Terminal',
      [`${SERVICE}X_RELAIS_Fax.Line.1.Sent`]: '1',
      [`${SERVICE}X_RELAIS_Fax.Line.1.PagesSent`]: '3',
      [`${SERVICE}VoIPProfile.1.FaxT38.MaxBitRate`]: '14400',
    });
    expect(valuesOf(desk, 'client', `${SERVICE}X_RELAIS_Fax.Line.`)).toEqual({});
  });
});
