import type { T38Version } from './ifp.ts';

/** T.38 as one side describes it (T.38 Annex D 2.3). `maxDatagram`: octets of UDP payload that this side takes. */
export type FaxTerms = {
  readonly version: T38Version;
  /** Bit/s. */
  readonly maxBitRate: number;
  readonly rateManagement: 'transferredTCF' | 'localTCF';
  readonly errorCorrection: 'redundancy' | 'fec' | 'none';
  readonly maxBuffer: number | undefined;
  readonly maxDatagram: number;
  readonly fillBitRemoval: boolean;
  readonly transcodingMmr: boolean;
  readonly transcodingJbig: boolean;
};

/** One m= line with what belongs to it. Port 0: refused or switched off, but it keeps its place (RFC 3264 6). */
export type SdpStream = {
  readonly media: string;
  readonly port: number;
  readonly transport: string;
  readonly formats: string;
  readonly address: string | undefined;
  /** Undefined for all but `image … udptl t38`. */
  readonly fax: FaxTerms | undefined;
};

const LONGEST = 65_535;
const DEFAULT_BIT_RATE = 14_400;
const LOWEST_BIT_RATE = 2_400;
/** What Asterisk takes when nothing is said; enough for a whole V.21 frame and some of its forerunners. */
const DEFAULT_DATAGRAM = 400;
/** Lower values are seen, and no packet of 40 ms at 14,400 bit/s would fit them. */
const LOWEST_DATAGRAM = 72;

/**
 * The streams of an SDP body (RFC 8866) in their order, with T.38 read tolerantly: names and values in any case, spaces, booleans
 * bare or with a value, anything missing taken as T.38 has it. No stream at all for what is not SDP. Never throws.
 */
export function readSdp(body: string): readonly SdpStream[] {
  if (body.length > LONGEST) return [];
  const lines = body.split(/\r?\n/).map((line) => line.trimEnd());
  const starts = lines.flatMap((line, at) => (/^m=/i.test(line) ? [at] : []));
  const common = connectionOf(lines.slice(0, starts[0] ?? 0));
  return starts.flatMap((start, k) => readStream(lines.slice(start, starts[k + 1]), common) ?? []);
}

function readStream(lines: readonly string[], common: string | undefined): SdpStream | undefined {
  const [, media, port, transport, formats] =
    /^m=\s*(\S+)\s+(\d{1,5})(?:\/\d+)?\s+(\S+)(?:\s+(.*))?$/i.exec(lines[0] ?? '') ?? [];
  if (media === undefined || port === undefined || transport === undefined || Number(port) > 65_535) return undefined;
  const isFax =
    media.toLowerCase() === 'image' && transport.toLowerCase() === 'udptl' && /\bt38\b/i.test(formats ?? '');
  return {
    media: media.toLowerCase(),
    port: Number(port),
    transport,
    formats: formats ?? '',
    address: connectionOf(lines.slice(1)) ?? common,
    fax: isFax ? readTerms(lines.slice(1)) : undefined,
  };
}

const connectionOf = (lines: readonly string[]): string | undefined =>
  lines.map((line) => /^c=IN\s+IP[46]\s+([^\s/]+)/i.exec(line)?.[1]).find((found) => found !== undefined);

function readTerms(lines: readonly string[]): FaxTerms {
  const said = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = /^a=\s*([A-Za-z0-9]+)\s*(?::(.*))?$/i.exec(line) ?? [];
    if (name !== undefined) said.set(name.toLowerCase(), (value ?? '').trim().toLowerCase());
  }
  const bitRate = numberOf(said.get('t38maxbitrate')) ?? DEFAULT_BIT_RATE;
  return {
    version: versionOf(numberOf(said.get('t38faxversion')) ?? 0),
    maxBitRate: bitRate < LOWEST_BIT_RATE ? DEFAULT_BIT_RATE : bitRate,
    rateManagement: said.get('t38faxratemanagement') === 'localtcf' ? 'localTCF' : 'transferredTCF',
    errorCorrection: correctionOf(said.get('t38faxudpec')),
    maxBuffer: numberOf(said.get('t38faxmaxbuffer')),
    maxDatagram: Math.max(numberOf(said.get('t38faxmaxdatagram')) ?? DEFAULT_DATAGRAM, LOWEST_DATAGRAM),
    fillBitRemoval: isOn(said.get('t38faxfillbitremoval')),
    transcodingMmr: isOn(said.get('t38faxtranscodingmmr')),
    transcodingJbig: isOn(said.get('t38faxtranscodingjbig')),
  };
}

function versionOf(number: number): T38Version {
  if (number === 0 || number === 1 || number === 2) return number;
  return 3;
}

function correctionOf(said: string | undefined): FaxTerms['errorCorrection'] {
  if (said === 't38udpfec') return 'fec';
  return said === 't38udpnoec' ? 'none' : 'redundancy';
}

const numberOf = (said: string | undefined): number | undefined =>
  said !== undefined && /^\d{1,9}$/.test(said) ? Number(said) : undefined;

const isOn = (said: string | undefined): boolean => said !== undefined && said !== '0' && said !== 'false';
