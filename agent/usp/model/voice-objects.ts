import type { ObjectType } from './object-type.ts';
import { kind } from './parameter-kinds.ts';

const { string, count, counter, level, long, truth, time, passing, whole } = kind;

const SERVICE = 'Device.Services.VoiceService.{i}.';
const LINE = `${SERVICE}CallControl.Line.{i}.`;
const SESSION = `${SERVICE}CallLog.{i}.Session.{i}.`;

/** TR-104, `RTP` of a session: one leg, that of the operator's network. */
const RTP = {
  ...{ PacketsReceived: long, PacketsSent: long, BytesReceived: long, BytesSent: long },
  ...{ ReceivePacketLossRate: counter, FarEndPacketLossRate: counter },
  ...{ AverageReceiveInterarrivalJitter: level, AverageFarEndInterarrivalJitter: level, AverageRoundTripDelay: level },
} as const;

/** Calls, what became of them, and fax of TR-104 2.0.2, as far as they are bound; names, types and keys as published. */
export const VOICE_OBJECTS: readonly ObjectType[] = [
  {
    path: `${SERVICE}Capabilities.`,
    parameters: { MaxCallLogCount: whole, MaxSessionCount: whole, CodecNumberOfEntries: count },
  },
  {
    path: `${SERVICE}Capabilities.Codec.{i}.`,
    keys: [['Alias'], ['Codec', 'BitRate']],
    parameters: {
      Alias: string,
      Codec: string,
      BitRate: count,
      PacketizationPeriod: string,
      SilenceSuppression: truth,
    },
  },
  {
    path: `${SERVICE}VoIPProfile.{i}.`,
    keys: [['Alias']],
    parameters: { Alias: string, Enable: truth, Name: string },
  },
  {
    path: `${SERVICE}VoIPProfile.{i}.FaxT38.`,
    parameters: { MaxBitRate: count, TCFMethod: string },
  },
  {
    path: `${LINE}Stats.IncomingCalls.`,
    parameters: {
      ...{ CallsReceived: counter, CallsConnected: counter, CallsFailed: counter, CallsDropped: counter },
      TotalCallTime: counter,
    },
  },
  {
    path: `${LINE}Stats.OutgoingCalls.`,
    parameters: {
      ...{ CallsAttempted: counter, CallsConnected: counter, CallsFailed: counter, CallsDropped: counter },
      TotalCallTime: counter,
    },
  },
  {
    path: `${LINE}Stats.RTP.`,
    parameters: { PacketsReceived: counter, PacketsSent: counter, BytesSent: counter, BytesReceived: counter },
  },
  { path: `${LINE}Stats.` },
  {
    path: `${SERVICE}CallLog.{i}.`,
    keys: [['Alias']],
    parameters: {
      ...{ Alias: string, CallingPartyNumber: string, CalledPartyNumber: string, UsedLine: string, Direction: string },
      ...{ Start: time, Duration: count, CallTerminationCause: string, SessionNumberOfEntries: count },
      X_RELAIS_SIPStatus: count,
    },
  },
  {
    path: SESSION,
    keys: [['SessionID']],
    parameters: {
      ...{ StreamType: string, Start: time, Duration: count, SessionID: string, X_RELAIS_Codec: string },
      ...{ X_RELAIS_MOSHeardHundredths: count, X_RELAIS_MOSSentHundredths: count },
    },
  },
  { path: `${SESSION}Source.` },
  { path: `${SESSION}Source.RTP.`, parameters: RTP },
  { path: `${SESSION}Destination.` },
  { path: `${SESSION}Destination.RTP.`, parameters: RTP },
  {
    path: `${SERVICE}X_RELAIS_Call.{i}.`,
    keys: [['Call']],
    parameters: {
      ...{ Call: passing, UsedLine: passing, Direction: passing, RemoteParty: passing, Start: kind.clock },
      ...{ CallStatus: passing, Link: passing },
    },
  },
  {
    path: `${SERVICE}X_RELAIS_Fax.Line.{i}.`,
    keys: [['UsedLine']],
    parameters: {
      ...{ UsedLine: string, Mode: string, Sent: counter, Received: counter, Failed: counter },
      ...{ PagesSent: counter, PagesReceived: counter },
    },
  },
];
