/** Modem and tone indicators of T.38 7.3.1, by code; from `v8-ansam` on they need the syntax of 2002 (version 2). */
export const INDICATORS = [
  'no-signal',
  'cng',
  'ced',
  'v21-preamble',
  'v27ter-2400-training',
  'v27ter-4800-training',
  'v29-7200-training',
  'v29-9600-training',
  'v17-7200-short-training',
  'v17-7200-long-training',
  'v17-9600-short-training',
  'v17-9600-long-training',
  'v17-12000-short-training',
  'v17-12000-long-training',
  'v17-14400-short-training',
  'v17-14400-long-training',
  'v8-ansam',
  'v8-signal',
  'v34-control-channel-1200',
  'v34-primary-channel',
  'v34-control-channel-retrain',
  'v33-12000-training',
  'v33-14400-training',
] as const;

/** What modulation a data packet was carried by (T.38 7.3.2), by code; from `v8` on version 2 is needed. */
export const DATA_TYPES = [
  'v21',
  'v27ter-2400',
  'v27ter-4800',
  'v29-7200',
  'v29-9600',
  'v17-7200',
  'v17-9600',
  'v17-12000',
  'v17-14400',
  'v8',
  'v34-primary-rate',
  'v34-control-channel-1200',
  'v34-primary-channel',
  'v33-12000',
  'v33-14400',
] as const;

/** Kinds of data fields (T.38 7.4), by code; the last four exist in the syntax of 2002 only. */
export const FIELD_TYPES = [
  'hdlc-data',
  'hdlc-sig-end',
  'hdlc-fcs-ok',
  'hdlc-fcs-bad',
  'hdlc-fcs-ok-sig-end',
  'hdlc-fcs-bad-sig-end',
  't4-non-ecm-data',
  't4-non-ecm-sig-end',
  'cm-message',
  'jm-message',
  'ci-message',
  'v34-rate',
] as const;

export type Indicator = (typeof INDICATORS)[number];
export type DataType = (typeof DATA_TYPES)[number];
export type FieldType = (typeof FIELD_TYPES)[number];

/** Codes below these fit the root of their enumeration; the others are ASN.1 extensions. */
export const ROOT_INDICATORS = 16;
export const ROOT_DATA_TYPES = 9;
export const ROOT_FIELD_TYPES = 8;
