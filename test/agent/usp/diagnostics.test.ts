import { beforeEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../../agent/model/diagnosis.ts';
import { tellFinding } from '../../../agent/usp/agent/tell-finding.ts';
import { createDesk, SIGHT } from './desk.ts';
import { type Desk, operate, subscribe } from './read-desk.ts';

const PING = 'Device.IP.Diagnostics.IPPing()';
const TRACE = 'Device.IP.Diagnostics.TraceRoute()';
const DOWNLOAD = 'Device.IP.Diagnostics.DownloadDiagnostics()';
const LOOKUP = 'Device.DNS.Diagnostics.NSLookupDiagnostics()';
const ping = {
  ...{ ProtocolVersion: 'Any', Host: '203.0.113.1', NumberOfRepetitions: '2', Timeout: '500', DataBlockSize: '64' },
};

let desk: Desk;
beforeEach(() => {
  desk = createDesk();
});
const ordered = () => desk.all.flatMap((effect) => (effect.do === 'diagnose' ? [effect.diagnosis] : []));

describe('tests of a link as commands (M-1, Q-5, F-5)', () => {
  it('M-1: an order goes to the link of its interface, and without one to the link that data takes', () => {
    expect(
      operate(desk, PING, { ...ping, Interface: 'Device.IP.Interface.2', DSCP: '46' }, 'support-1').reqObjPath,
    ).toMatch(/^Device\.LocalAgent\.Request\.\d+\.$/);
    operate(desk, TRACE, { ProtocolVersion: 'IPv4', Host: 'example.net', MaxHopCount: '5' });
    operate(desk, DOWNLOAD, { DownloadURL: 'http://192.0.2.9/file', TimeBasedTestDuration: '3' });
    operate(desk, LOOKUP, {
      HostName: 'example.net',
      DNSServer: '192.0.2.53',
      Timeout: '900',
      NumberOfRepetitions: '2',
    });
    expect(ordered()).toEqual([
      {
        ...{ test: 'ping', link: 'second', host: '203.0.113.1', repetitions: 2, timeout: 500, block: 64, dscp: 46 },
      },
      { test: 'trace', link: 'main', host: 'example.net', tries: 3, timeout: 5_000, block: 38, dscp: 0, hops: 5 },
      { test: 'download', link: 'main', url: 'http://192.0.2.9/file', duration: 3, most: 100_000_000 },
      { test: 'lookup', link: 'main', name: 'example.net', server: '192.0.2.53', timeout: 900, repetitions: 2 },
    ]);
  });

  it.each([
    [PING, { ...ping, Host: '-f' }, 'Host'],
    [PING, { ...ping, Host: 'a b' }, 'Host'],
    [PING, { ...ping, NumberOfRepetitions: '21' }, 'NumberOfRepetitions: 1 to 20'],
    [PING, { ...ping, Timeout: '0' }, 'Timeout: 1 to 10000'],
    [PING, { ...ping, DataBlockSize: '65000' }, 'DataBlockSize: 1 to 1400'],
    [PING, { ...ping, Interface: 'Device.IP.Interface.9' }, 'Interface'],
    [PING, { ...ping, ProtocolVersion: 'IPv6' }, 'ProtocolVersion'],
    [TRACE, { ProtocolVersion: 'Any', Host: 'a', MaxHopCount: '64' }, 'MaxHopCount: 1 to 30'],
    [DOWNLOAD, { DownloadURL: 'ftp://192.0.2.1/x' }, 'DownloadURL'],
    [DOWNLOAD, { DownloadURL: 'http://192.0.2.1/x', NumberOfConnections: '8' }, 'NumberOfConnections: 1 to 1'],
    [LOOKUP, { HostName: 'a', DNSServer: 'ns.example', Timeout: '1', NumberOfRepetitions: '1' }, 'DNSServer'],
  ])('D-3: %s with %j is refused by the name of the argument and what it may be', (command, input, says) => {
    const { errCode, errMsg } = operate(desk, command, input);
    expect([errCode, errMsg]).toEqual([7027, expect.stringContaining(says)]);
    expect(ordered()).toEqual([]);
  });

  it('TR-181: an argument that must be there and is not is named', () => {
    expect(operate(desk, PING, { Host: 'a' })).toMatchObject({
      errCode: 7027,
      errMsg: expect.stringContaining('ProtocolVersion'),
    });
  });

  it('D-3: billing and clients have no such command; a metered link gives a test few bytes', () => {
    expect(operate(desk, PING, ping, 'client').errCode).not.toBeUndefined();
    expect(operate(desk, PING, ping, 'billing').errCode).not.toBeUndefined();
    desk.see({ links: SIGHT.links.map((link) => ({ ...link, metered: { spent: 0, limit: 1_000_000 } })) });
    operate(desk, DOWNLOAD, { DownloadURL: 'http://192.0.2.9/file' });
    expect(ordered()).toMatchObject([{ most: 2_000_000 }]);
  });

  it('M-1: what was found is told to who subscribed to the end of the command', () => {
    subscribe(desk, 'OperationComplete', PING);
    desk.event('joined');
    operate(desk, PING, ping);
    const finding: Finding = { test: 'ping', address: '10.0.0.1', answers: [10_100, 12_300], lost: 1 };
    const { sight, request } = { sight: desk.now(), request: 1 };
    const told = desk.hear({ on: 'finished', request, output: tellFinding(finding), sight, chance: 0.5 });
    expect(desk.notices(told).map(({ operComplete }) => operComplete?.reqOutputArgs?.outputArgs)).toEqual([
      {
        ...{ Status: 'Complete', IPAddressUsed: '10.0.0.1', SuccessCount: '2', FailureCount: '1' },
        ...{ AverageResponseTime: '11', MinimumResponseTime: '10', MaximumResponseTime: '12' },
        ...{ AverageResponseTimeDetailed: '11200', MinimumResponseTimeDetailed: '10100' },
        MaximumResponseTimeDetailed: '12300',
      },
    ]);
  });

  it('TR-181: results of the other tests, whole and broken off', () => {
    const trace = {
      test: 'trace',
      address: '203.0.113.1',
      hops: [{ address: '10.0.0.1', times: [1_000] }, { times: [] }],
    } as const;
    expect(tellFinding(trace)).toMatchObject({
      ...{ Status: 'Complete', 'RouteHops.1.HostAddress': '10.0.0.1', 'RouteHops.1.RTTimes': '1' },
      'RouteHops.2.HostAddress': '',
    });
    expect(tellFinding({ ...trace, failed: 'too-far' }).Status).toBe('Error_MaxHopCountExceeded');
    expect(tellFinding({ test: 'trace', failed: 'unresolved', hops: [] })).toEqual({
      Status: 'Error_CannotResolveHostName',
    });
    const result = {
      so: 'found',
      authoritative: false,
      name: 'a.example',
      addresses: ['192.0.2.1'],
      server: '192.0.2.53',
      took: 7,
    } as const;
    expect(tellFinding({ test: 'lookup', results: [result, { ...result, so: 'no-answer', addresses: [] }] })).toEqual({
      ...{
        Status: 'Complete',
        SuccessCount: '1',
        'Result.1.Status': 'Success',
        'Result.1.AnswerType': 'NonAuthoritative',
      },
      ...{
        'Result.1.HostNameReturned': 'a.example',
        'Result.1.IPAddresses': '192.0.2.1',
        'Result.1.DNSServerIP': '192.0.2.53',
      },
      ...{ 'Result.1.ResponseTime': '7', 'Result.2.Status': 'Error_Timeout', 'Result.2.AnswerType': 'None' },
      ...{ 'Result.2.HostNameReturned': '', 'Result.2.IPAddresses': '', 'Result.2.DNSServerIP': '192.0.2.53' },
      'Result.2.ResponseTime': '7',
    });
    const times = {
      opened: 1_790_000_000_000,
      connected: 1,
      asked: 2,
      began: 3,
      ended: 4,
      bytes: 10,
      received: 20,
      sent: 5,
    };
    expect(tellFinding({ test: 'download', ...times })).toMatchObject({
      ...{ Status: 'Complete', TestBytesReceived: '10', TotalBytesReceived: '20', TotalBytesSent: '5' },
      TCPOpenRequestTime: '2026-09-21T14:13:20.000000Z',
    });
    expect(tellFinding({ test: 'download', ...times, failed: 'refused' })).toEqual({ Status: 'Error_LoginFailed' });
  });
});
