/**
 * The agent's daemon as a box runs it, with its ledger, its key, its SIP relay and its MQTT uplink. Only what needs a
 * kernel of its own is left out: routes, marks and probes. Phones send to the relay's port as if they had been redirected.
 */
import { readFileSync } from 'node:fs';
import { runAgentCommand } from '../../agent/commands/agent-command.ts';
import { openBoxPorts } from '../../agent/commands/box-ports.ts';
import type { Media } from '../../agent/ports/media.ts';
import type { Network } from '../../agent/ports/network.ts';
import type { Probes } from '../../agent/ports/probes.ts';
import { WITHOUT_FLOWS } from '../site/without-flows.ts';

const network: Network = {
  install: (_steering, done) => done(undefined),
  steer: (_steering, done) => done(undefined),
  limit: (_rules, done) => done(undefined),
  relay: (_through, done) => done(undefined),
  close: () => undefined,
};

const probes: Probes = { open: () => undefined, send: () => undefined, close: () => undefined };

/** A simulated phone has a socket for its RTP exactly as long as it talks. */
const media: Media = {
  heard: (done) => done(new Set(readFileSync('/proc/net/udp', 'utf8').split('\n').slice(1).flatMap(boundTo))),
  ...WITHOUT_FLOWS,
};

/** The local address of a line of /proc/net/udp: "0100007F:4000" is 127.0.0.1:16384. */
function boundTo(line: string): readonly string[] {
  const [, address = '', port = ''] = /^\s*\d+: ([0-9A-F]{8}):([0-9A-F]{4}) /.exec(line) ?? [];
  if (address === '') return [];
  const octets = (address.match(/../g) ?? []).toReversed().map((octet) => Number.parseInt(octet, 16));
  return [`${octets.join('.')}:${Number.parseInt(port, 16)}`];
}

process.exitCode = await runAgentCommand(process.argv.slice(2), async (...given) => ({
  ...(await openBoxPorts(...given)),
  network,
  probes,
  media,
}));
