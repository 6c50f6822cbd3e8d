import type { Values } from './object-type.ts';

/** Links of a site speak IPv4; the tests of TR-181 over it are there, and one connection is enough to fill one of them. */
export const bindDiagnostics = (): Readonly<Record<string, Values>> => ({
  'Device.IP.Diagnostics.': {
    ...{ IPv4PingSupported: 'true', IPv6PingSupported: 'false', IPv4TraceRouteSupported: 'true' },
    ...{ IPv6TraceRouteSupported: 'false', IPv4DownloadDiagnosticsSupported: 'true' },
    ...{ IPv6DownloadDiagnosticsSupported: 'false', DownloadTransports: 'HTTP' },
    DownloadDiagnosticMaxConnections: '1',
  },
});
