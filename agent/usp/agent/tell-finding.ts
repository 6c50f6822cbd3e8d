import type {
  DownloadFinding,
  Finding,
  LookupFinding,
  LookupResult,
  PingFinding,
  TraceFinding,
  Unfinished,
} from '../../model/diagnosis.ts';
import type { Values } from '../model/object-type.ts';

/** What a test found, as TR-181 names the results of its command. */
export function tellFinding(finding: Finding): Values {
  switch (finding.test) {
    case 'ping':
      return tellPing(finding);
    case 'trace':
      return tellTrace(finding);
    case 'download':
      return tellDownload(finding);
    case 'lookup':
      return tellLookup(finding);
  }
}

const WHY: Readonly<Record<Unfinished, string>> = {
  unresolved: 'Error_CannotResolveHostName',
  'no-route': 'Error_NoRouteToHost',
  'no-tool': 'Error_Internal',
  failed: 'Error_Other',
};

/** Whole milliseconds, and beside them microseconds (`…Detailed`). */
function tellPing({ failed, address, answers, lost }: PingFinding): Values {
  if (failed !== undefined) return { Status: WHY[failed] };
  const mean = answers.length === 0 ? 0 : answers.reduce((sum, one) => sum + one, 0) / answers.length;
  const least = answers.length === 0 ? 0 : Math.min(...answers);
  const most = answers.length === 0 ? 0 : Math.max(...answers);
  const milliseconds = (micros: number): string => `${Math.round(micros / 1_000)}`;
  return {
    ...{ Status: 'Complete', IPAddressUsed: address ?? '' },
    ...{ SuccessCount: `${answers.length}`, FailureCount: `${lost}` },
    ...{ AverageResponseTime: milliseconds(mean), AverageResponseTimeDetailed: `${Math.round(mean)}` },
    ...{ MinimumResponseTime: milliseconds(least), MinimumResponseTimeDetailed: `${least}` },
    ...{ MaximumResponseTime: milliseconds(most), MaximumResponseTimeDetailed: `${most}` },
  };
}

/** ICMP has no code for silence; TR-181: 0 where nothing failed. */
function tellTrace({ failed, address, hops }: TraceFinding): Values {
  if (failed !== undefined && failed !== 'too-far') return { Status: WHY[failed] };
  const last = hops.at(-1)?.times ?? [];
  const response = last.length === 0 ? 0 : last.reduce((sum, one) => sum + one, 0) / last.length;
  const rows = hops.flatMap((hop, index) => {
    const row = `RouteHops.${index + 1}.`;
    const times = hop.times.map((micros) => Math.round(micros / 1_000)).join(',');
    return [
      [`${row}Host`, hop.address ?? ''],
      [`${row}HostAddress`, hop.address ?? ''],
      [`${row}ErrorCode`, '0'],
      [`${row}RTTimes`, times],
    ] as const;
  });
  return {
    ...{ Status: failed === 'too-far' ? 'Error_MaxHopCountExceeded' : 'Complete', IPAddressUsed: address ?? '' },
    ResponseTime: `${Math.round(response / 1_000)}`,
    ...Object.fromEntries(rows),
  };
}

const DOWNLOAD_WHY = {
  ...WHY,
  'not-connected': 'Error_InitConnectionFailed',
  'no-answer': 'Error_NoResponse',
  'broken-off': 'Error_TransferFailed',
  refused: 'Error_LoginFailed',
} as const;

function tellDownload(found: DownloadFinding): Values {
  if (found.failed !== undefined) return { Status: DOWNLOAD_WHY[found.failed] };
  return {
    ...{ Status: 'Complete', IPAddressUsed: found.address ?? '' },
    ...{ TCPOpenRequestTime: instant(found.opened), TCPOpenResponseTime: instant(found.connected) },
    ...{ ROMTime: instant(found.asked), BOMTime: instant(found.began), EOMTime: instant(found.ended) },
    ...{ TestBytesReceived: `${found.bytes}`, TotalBytesReceived: `${found.received}` },
    TotalBytesSent: `${found.sent}`,
  };
}

/** XSD dateTime in UTC with microseconds, as these tests want it (TR-143). */
const instant = (wall: number): string => new Date(wall).toISOString().replace('Z', '000Z');

const LOOKUP_WHY: Readonly<Record<LookupResult['so'], string>> = {
  found: 'Success',
  'no-such-name': 'Error_HostNameNotResolved',
  'no-server': 'Error_DNSServerNotAvailable',
  'no-answer': 'Error_Timeout',
  unreadable: 'Error_Other',
};

function tellLookup({ failed, results }: LookupFinding): Values {
  if (failed !== undefined) return { Status: failed === 'no-tool' ? 'Error_Internal' : 'Error_Other' };
  const rows = results.flatMap(({ so, authoritative, name, addresses, took, server }, index) => {
    const row = `Result.${index + 1}.`;
    const answered = so === 'found' || so === 'no-such-name';
    const type = answered ? (authoritative ? 'Authoritative' : 'NonAuthoritative') : 'None';
    return [
      [`${row}Status`, LOOKUP_WHY[so]],
      [`${row}AnswerType`, type],
      [`${row}HostNameReturned`, so === 'found' ? name : ''],
      [`${row}IPAddresses`, addresses.join(',')],
      [`${row}DNSServerIP`, server],
      [`${row}ResponseTime`, `${took}`],
    ] as const;
  });
  const successes = results.filter(({ so }) => so === 'found').length;
  return { Status: 'Complete', SuccessCount: `${successes}`, ...Object.fromEntries(rows) };
}
