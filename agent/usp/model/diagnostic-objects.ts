import type { ObjectType } from './object-type.ts';
import { kind } from './parameter-kinds.ts';

const { string, count, truth } = kind;

/** TR-181 2.19.1, tests over IP and of names; arguments and results as published, `{i}` where a result has rows. */
export const DIAGNOSTIC_OBJECTS: readonly ObjectType[] = [
  {
    path: 'Device.IP.Diagnostics.',
    parameters: {
      ...{ IPv4PingSupported: truth, IPv6PingSupported: truth, IPv4TraceRouteSupported: truth },
      ...{ IPv6TraceRouteSupported: truth, IPv4DownloadDiagnosticsSupported: truth },
      ...{ IPv6DownloadDiagnosticsSupported: truth, DownloadTransports: string },
      DownloadDiagnosticMaxConnections: count,
    },
    commands: {
      'IPPing()': {
        input: ['Interface', 'ProtocolVersion', 'Host', 'NumberOfRepetitions', 'Timeout', 'DataBlockSize', 'DSCP'],
        required: ['ProtocolVersion', 'Host', 'NumberOfRepetitions', 'Timeout', 'DataBlockSize'],
        output: [
          ...['Status', 'IPAddressUsed', 'SuccessCount', 'FailureCount'],
          ...['AverageResponseTime', 'MinimumResponseTime', 'MaximumResponseTime'],
          ...['AverageResponseTimeDetailed', 'MinimumResponseTimeDetailed', 'MaximumResponseTimeDetailed'],
        ],
        asynchronous: true,
      },
      'TraceRoute()': {
        input: [
          ...['Interface', 'ProtocolVersion', 'Host', 'NumberOfTries'],
          ...['Timeout', 'DataBlockSize', 'DSCP', 'MaxHopCount'],
        ],
        required: ['ProtocolVersion', 'Host'],
        output: [
          ...['Status', 'IPAddressUsed', 'ResponseTime', 'RouteHops.{i}.Host'],
          ...['RouteHops.{i}.HostAddress', 'RouteHops.{i}.ErrorCode', 'RouteHops.{i}.RTTimes'],
        ],
        asynchronous: true,
      },
      'DownloadDiagnostics()': {
        input: ['Interface', 'DownloadURL', 'TimeBasedTestDuration', 'ProtocolVersion', 'NumberOfConnections'],
        required: ['DownloadURL'],
        output: [
          ...['Status', 'IPAddressUsed', 'ROMTime', 'BOMTime', 'EOMTime', 'TestBytesReceived'],
          ...['TotalBytesReceived', 'TotalBytesSent', 'TCPOpenRequestTime', 'TCPOpenResponseTime'],
        ],
        asynchronous: true,
      },
    },
  },
  {
    path: 'Device.DNS.Diagnostics.',
    commands: {
      'NSLookupDiagnostics()': {
        input: ['Interface', 'HostName', 'DNSServer', 'Timeout', 'NumberOfRepetitions'],
        required: ['HostName', 'Timeout', 'NumberOfRepetitions'],
        output: [
          ...['Status', 'SuccessCount', 'Result.{i}.Status', 'Result.{i}.AnswerType', 'Result.{i}.HostNameReturned'],
          ...['Result.{i}.IPAddresses', 'Result.{i}.DNSServerIP', 'Result.{i}.ResponseTime'],
        ],
        asynchronous: true,
      },
    },
  },
];
