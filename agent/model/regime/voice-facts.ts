import { z } from 'zod';
import { cited } from '../cited.ts';
import { CountSchema } from './quantities.ts';

const port = z.int().min(1).max(65_535);
const range = z.tuple([port, port]).refine(([from, to]) => from <= to, 'the first port of a range is its lowest');

/** A range is [first, last]; no port is named twice. */
const UdpPortsSchema = z
  .array(z.union([port, range]))
  .min(1)
  .refine(apart, 'ports and ranges overlap; name each port once');

function apart(ports: readonly (number | readonly [number, number])[]): boolean {
  const ranges = ports.map((one) => (typeof one === 'number' ? ([one, one] as const) : one));
  const sorted = ranges.toSorted(([a], [b]) => a - b);
  return sorted.every(([from], at) => from > (sorted[at - 1]?.[1] ?? 0));
}

/** what is voice, besides the site's own voice networks. */
export const VoiceSchema = z.strictObject({
  udpPorts: cited(UdpPortsSchema, 'Q-2: UDP ports that are voice', 'Q-2 : ports UDP de la voix').prefault({
    value: [5060, 5061, [16_384, 16_482]],
    article: 'default: Q-2, the ports on which the texts of imesit and cmi agree',
  }),
  networks: cited(
    z.array(z.cidrv4()).min(1),
    "Q-2: the operator's voice networks",
    "Q-2 : sous-réseaux voix de l'opérateur",
  ).optional(),
  /** The box can't read SIP over TLS, nor MGCP: whether phones may speak them to somebody else than the operator. */
  unreadElsewhere: cited(
    z.enum(['pass', 'refuse']),
    'Q-2, V-3: SIP over TLS and MGCP from the voice LAN to others than the voice networks',
    'Q-2, V-3 : SIP sur TLS et MGCP du LAN voix hors des sous-réseaux voix',
  ).prefault({ value: 'pass', article: 'default: no text forbids it' }),
});

const CodecSchema = z.enum(['G.711', 'G.722', 'G.729']);

/** what an access carries. */
export const ChannelsSchema = z.strictObject({
  callsPerBasicAccess: cited(
    CountSchema,
    'Q-4: simultaneous calls of a T0 IP',
    "Q-4 : appels simultanés d'un T0 IP",
  ).optional(),
  callsPerPrimaryAccess: cited(
    CountSchema,
    'Q-4: simultaneous calls of a T2 IP',
    "Q-4 : appels simultanés d'un T2 IP",
  ).prefault({ value: 30, article: 'default: Q-4; the texts name a T2 without its calls, a primary access has 30' }),
  codecOnDsl: cited(
    CodecSchema,
    'Q-4: codec that DSL accesses are dimensioned for',
    'Q-4 : codec de dimensionnement des accès DSL',
  ).optional(),
  codecHd: cited(CodecSchema, 'Q-4: codec of the IP HD option', "Q-4 : codec de l'option IP HD").optional(),
  recommendedAccess: cited(
    z.strictObject({ downKbps: CountSchema, upKbps: CountSchema, calls: CountSchema }),
    'Q-4: access that the contract recommends, and the calls it carries',
    'Q-4 : accès recommandé, et appels simultanés permis',
  ).optional(),
});

/** F-1, F-4, F-5, F-7: conditions of the access links. */
export const AccessSchema = z.strictObject({
  failoverMinimumLinks: cited(
    CountSchema,
    'F-1: access links that failover needs',
    "F-1 : liens d'accès exigés par le secours",
  ).optional(),
  failoverSeparateLans: cited(
    z.boolean(),
    'F-1: failover needs the voice and data LANs kept apart',
    'F-1 : LAN voix et données séparés exigés par le secours',
  ).optional(),
  voiceOnlyPenaltyPerChannelMicroEuro: cited(
    z.int().min(0).max(100_000_000_000),
    'F-4: penalty per channel for data on an access dedicated to voice',
    'F-4 : pénalité par canal pour des données sur un accès voix',
  ).optional(),
  publicHotspot: cited(z.boolean(), 'F-7: public Wi-Fi allowed', 'F-7 : hotspot public permis').prefault({
    value: false,
    article: 'default: F-7, private Wi-Fi only',
  }),
  substitutePrice: cited(
    z.enum(['cheaper-of-both', 'as-ordered']),
    'F-5: price of a temporary substitute access',
    "F-5 : prix d'un accès provisoire de substitution",
  ).optional(),
});
