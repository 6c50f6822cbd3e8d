import type { Diagnosis } from '../../model/diagnosis.ts';
import type { Values } from '../model/object-type.ts';
import type { Sight } from '../sight.ts';

/** What was asked for, bounded; or which argument is wrong, and what it may be. */
export type Ordered = { readonly diagnosis: Diagnosis } | { readonly wrong: string };

export const DIAGNOSES = ['IPPing()', 'TraceRoute()', 'DownloadDiagnostics()', 'NSLookupDiagnostics()'] as const;
export type DiagnosisName = (typeof DIAGNOSES)[number];

/** A test may not become an attack, nor a bill: its bounds are the agent's own (M-1, D-3). */
const MOST = { repetitions: 20, timeout: 10_000, block: 1_400, tries: 3, hops: 30, duration: 30 } as const;
const BYTES = { metered: 2_000_000, flat: 100_000_000 } as const;

/** A name or an address, and nothing that a program could take for an option. */
const HOST = /^[A-Za-z0-9]([A-Za-z0-9.:-]{0,251}[A-Za-z0-9.])?$/;
const ADDRESS = /^[0-9]{1,3}(\.[0-9]{1,3}){3}$|^[0-9A-Fa-f:]{2,39}$/;

/** TR-181 `IPPing()` and its like: from their arguments to an order for one link of the site. */
export function orderDiagnosis(name: DiagnosisName, input: Values, sight: Sight): Ordered {
  const link = linkOf(input.Interface ?? '', sight);
  if (link === undefined)
    return { wrong: 'Interface: Device.IP.Interface.N of a link, or empty for the one that data takes' };
  switch (name) {
    case 'IPPing()':
      return ping(link, input);
    case 'TraceRoute()':
      return trace(link, input);
    case 'DownloadDiagnostics()':
      return download(link, input, sight);
    case 'NSLookupDiagnostics()':
      return lookup(link, input);
  }
}

function linkOf(path: string, { links, steering }: Sight): string | undefined {
  if (path === '') return links.find(({ name }) => name === steering.data)?.name ?? links[0]?.name;
  const [, number] = /^Device\.IP\.Interface\.(\d+)\.?$/.exec(path) ?? [];
  return links[Number(number) - 1]?.name;
}

type Bounds = { readonly least?: number; readonly most: number; readonly initial: number };

/** The first argument that is no whole number in its bounds is the one that is told. */
function numbersIn<Name extends string>(
  input: Values,
  bounds: Readonly<Record<Name, Bounds>>,
): { readonly numbers: Readonly<Record<Name, number>> } | { readonly wrong: string } {
  const numbers: Record<string, number> = {};
  for (const [name, { least = 1, most, initial }] of Object.entries<Bounds>(bounds)) {
    const given = input[name] ?? '';
    const number = given === '' ? initial : Number(given);
    if (!/^\d{0,10}$/.test(given) || number < least || number > most) return { wrong: `${name}: ${least} to ${most}` };
    numbers[name] = number;
  }
  return { numbers: numbers as Record<Name, number> };
}

/** Links of a site speak IPv4. */
const VERSIONS = ['', 'Any', 'IPv4'];

type Target = { readonly host: string };

function targetOf({ Host = '', ProtocolVersion = '' }: Values): Target | { readonly wrong: string } {
  if (!HOST.test(Host)) return { wrong: 'Host: a name or an address' };
  return VERSIONS.includes(ProtocolVersion) ? { host: Host } : { wrong: 'ProtocolVersion: Any or IPv4' };
}

const DSCP: Bounds = { least: 0, most: 63, initial: 0 };

function ping(link: string, input: Values): Ordered {
  const target = targetOf(input);
  if ('wrong' in target) return target;
  const read = numbersIn(input, {
    NumberOfRepetitions: { most: MOST.repetitions, initial: 3 },
    Timeout: { most: MOST.timeout, initial: 1_000 },
    DataBlockSize: { most: MOST.block, initial: 56 },
    DSCP,
  });
  if ('wrong' in read) return read;
  const { NumberOfRepetitions: repetitions, Timeout: timeout, DataBlockSize: block, DSCP: dscp } = read.numbers;
  return { diagnosis: { test: 'ping', link, ...target, repetitions, timeout, block, dscp } };
}

function trace(link: string, input: Values): Ordered {
  const target = targetOf(input);
  if ('wrong' in target) return target;
  const read = numbersIn(input, {
    NumberOfTries: { most: MOST.tries, initial: 3 },
    Timeout: { most: MOST.timeout, initial: 5_000 },
    DataBlockSize: { most: MOST.block, initial: 38 },
    DSCP,
    MaxHopCount: { most: MOST.hops, initial: MOST.hops },
  });
  if ('wrong' in read) return read;
  const { NumberOfTries: tries, Timeout: timeout, DataBlockSize: block, DSCP: dscp, MaxHopCount: hops } = read.numbers;
  return { diagnosis: { test: 'trace', link, ...target, tries, timeout, block, dscp, hops } };
}

function download(link: string, input: Values, { links }: Sight): Ordered {
  const url = input.DownloadURL ?? '';
  if (!/^http:\/\/[A-Za-z0-9[][^\s]{0,2000}$/.test(url)) return { wrong: 'DownloadURL: an http URL' };
  const read = numbersIn(input, {
    TimeBasedTestDuration: { least: 0, most: MOST.duration, initial: 0 },
    NumberOfConnections: { most: 1, initial: 1 },
  });
  if ('wrong' in read) return read;
  const metered = links.find(({ name }) => name === link)?.metered !== undefined;
  const most = metered ? BYTES.metered : BYTES.flat;
  return { diagnosis: { test: 'download', link, url, duration: read.numbers.TimeBasedTestDuration, most } };
}

function lookup(link: string, input: Values): Ordered {
  const { HostName = '', DNSServer = '' } = input;
  if (!HOST.test(HostName)) return { wrong: 'HostName: a name' };
  if (!ADDRESS.test(DNSServer)) return { wrong: 'DNSServer: the address of the server to ask over this link' };
  const read = numbersIn(input, {
    Timeout: { most: MOST.timeout, initial: 1_000 },
    NumberOfRepetitions: { most: MOST.repetitions, initial: 1 },
  });
  if ('wrong' in read) return read;
  const { Timeout: timeout, NumberOfRepetitions: repetitions } = read.numbers;
  return { diagnosis: { test: 'lookup', link, name: HostName, server: DNSServer, timeout, repetitions } };
}
