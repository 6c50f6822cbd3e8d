import {
  floodsThenCallsForHelp,
  followsRedirection,
  isRefused,
  placesCall,
  placesCallEndedByOthers,
  sipUri,
} from '../../voice/sipp-flows.ts';
import { CHANNELS, LONGEST_SECONDS } from './peer-site.ts';
import { registered } from './phone-roles.ts';
import type { Role } from './role.ts';
import { BACK, BUNDLED, first, hungUp, inFrench, OUTSIDE, outside, refusal, second, third, WAIVED } from './words.ts';

const BARRED = '0899000001';

const SPELLINGS: Readonly<Record<string, string>> = {
  'sos-112': sipUri('112'),
  'sos-15': sipUri('15'),
  'sos-e164': sipUri('+3315'),
  'sos-international': sipUri('0033112'),
  'sos-hidden': sipUri('*31*112'),
  'sos-escaped': sipUri('%2331%23112'),
  'sos-3651': sipUri('365115'),
  'sos-tel': 'tel:112;phone-context=+33',
  'sos-urn': 'urn:service:sos',
};

/** V-1: each from a phone of its own, all at once. */
export const emergencies: readonly Role[] = Object.entries(SPELLINGS).map(([name, uri], at) => ({
  name,
  shows: `V-1: ${uri} passes`,
  socket: `${third}:${6_000 + at}`,
  of: 'site',
  fate: 'passes',
  ends: hungUp('emergency', [1, 6]),
  steps: placesCall({ uri, from: BACK, talkMs: 300 }),
}));

export const policies: readonly Role[] = [
  {
    name: 'ceiling',
    shows: `R-3, V-2: a call is ended by the box at its longest, with BYEs that both ends accept`,
    ...{ socket: `${first}:6100`, of: 'site', fate: 'cut' },
    ends: [{ cause: 'cut-long-service', class: 'premium-special', seconds: [LONGEST_SECONDS, LONGEST_SECONDS] }],
    steps: placesCallEndedByOthers({ uri: sipUri(WAIVED), from: BACK, talkMs: 0 }),
  },
  {
    name: 'anonymous',
    shows: 'V-5: who hides its number for this call passes (RFC 3323)',
    ...{ socket: `${first}:6101`, of: 'site', fate: 'passes' },
    ends: hungUp('geographic', [1, 6]),
    steps: placesCall({
      ...{ uri: sipUri(BUNDLED), from: '"Anonymous" <sip:anonymous@anonymous.invalid>', talkMs: 300 },
      headers: ['Privacy: id', `P-Preferred-Identity: ${BACK}`],
    }),
  },
  {
    name: 'spoofed',
    shows: 'V-5: somebody else’s number is refused with 403, in French',
    ...{ socket: `${first}:6102`, of: 'site', fate: 'refused' },
    ends: refusal('refused-caller', 'geographic'),
    steps: isRefused(
      { uri: sipUri(BUNDLED), from: OUTSIDE, talkMs: 0 },
      403,
      inFrench(403, 'Numero presente refuse', "Le numéro présenté n'est pas attribué à ce client"),
    ),
  },
  {
    name: 'diverted',
    shows: 'V-5: a forwarded call that keeps its first caller’s number is refused, Diversion or not (RFC 5806)',
    ...{ socket: `${first}:6103`, of: 'site', fate: 'refused' },
    ends: refusal('refused-caller', 'geographic'),
    steps: isRefused(
      { uri: sipUri(BUNDLED), from: OUTSIDE, headers: [`Diversion: ${BACK};reason=unconditional`], talkMs: 0 },
      403,
      {},
    ),
  },
  {
    name: 'barred',
    shows: 'V-6: what is barred at activation is refused with 403, in French',
    ...{ socket: `${first}:6104`, of: 'site', fate: 'refused' },
    ends: refusal('refused-barred', 'premium-special'),
    steps: isRefused(
      { uri: sipUri(BARRED), from: BACK, talkMs: 0 },
      403,
      inFrench(403, 'Destination bloquee', 'Destination bloquée : une décharge signée est nécessaire'),
    ),
  },
  {
    name: 'waived',
    shows: 'V-6: what a waiver opens passes',
    ...{ socket: `${first}:6105`, of: 'site', fate: 'passes' },
    ends: hungUp('premium-special', [1, 6]),
    steps: placesCall({ uri: sipUri(WAIVED), from: BACK, talkMs: 300 }),
  },
  {
    name: 'nowhere',
    shows: 'a number of no plan is refused with 404, in French',
    ...{ socket: `${first}:6106`, of: 'site', fate: 'refused' },
    ends: refusal('refused-number', 'invalid'),
    steps: isRefused(
      { uri: sipUri('+999123456789'), from: BACK, talkMs: 0 },
      404,
      inFrench(404, 'Numero inconnu', "Ce numéro n'est pas attribué ou n'est pas desservi"),
    ),
  },
  {
    name: 'moved',
    shows: 'U-1: a 302 that the phone follows makes two records, the second rated by where it really goes',
    ...{ socket: `${first}:6107`, of: 'site', fate: 'passes' },
    ends: [{ cause: 'failed', class: 'geographic', seconds: [0, 0] }, ...hungUp('mobile', [1, 6])],
    steps: followsRedirection({ uri: sipUri('0199000302'), from: BACK, talkMs: 300 }, sipUri('0612345678')),
  },
];

/** All channels are taken by `busy`; it ends by itself. */
export const busy: Role = {
  name: 'busy',
  shows: 'Q-4: as many calls as there are channels pass',
  ...{ socket: `${first}:6120`, of: 'site', fate: 'passes', calls: CHANNELS },
  ends: Array.from({ length: CHANNELS }, () => hungUp('geographic', [3, 8])).flat(),
  steps: placesCall({ uri: sipUri(BUNDLED), from: BACK, talkMs: 3_000 }),
};

export const crowded: readonly Role[] = [
  {
    name: 'one-too-many',
    shows: 'Q-4: the call beyond the channels is refused with 503, in French',
    ...{ socket: `${second}:6121`, of: 'site', fate: 'refused' },
    ends: refusal('refused-capacity', 'geographic'),
    steps: isRefused(
      { uri: sipUri(BUNDLED), from: BACK, talkMs: 0 },
      503,
      inFrench(503, 'Lignes occupees', 'Toutes les lignes souscrites sont en communication'),
    ),
  },
  outside(
    'called-too',
    {
      shows: 'Q-4: a call from outside beyond the channels hears 486 from the box',
      fate: 'refused-to-network',
      ends: [{ cause: 'refused-capacity', class: 'geographic', seconds: [0, 0], direction: 'incoming' }],
      steps: isRefused({ uri: sipUri('0172890001'), from: OUTSIDE, talkMs: 0 }, 486, {}),
    },
    5_090,
  ),
  {
    name: 'sos-crowded',
    shows: 'V-1: an emergency call passes without a free channel',
    ...{ socket: `${second}:6122`, of: 'site', fate: 'passes' },
    ends: hungUp('emergency', [1, 6]),
    steps: placesCall({ uri: sipUri('112'), from: BACK, talkMs: 300 }),
  },
];

export const flooded: readonly Role[] = [
  {
    name: 'flood',
    shows: 'V-3, V-1: a phone that floods is held to its share, and its own emergency call passes',
    ...{ socket: `${third}:6130`, of: 'site', fate: 'flood-held' },
    ends: hungUp('emergency', [1, 6]),
    steps: floodsThenCallsForHelp(BACK, 100),
  },
  { ...registered('register-in-flood', '+33172890009', `${first}:6131`), shows: 'V-3: others register meanwhile' },
];

export const spent: readonly Role[] = [
  {
    name: 'until-spent',
    shows: 'C-4: a call is ended at the second that nothing pays for, by BYEs that both ends accept',
    ...{ socket: `${first}:6140`, of: 'site', fate: 'cut' },
    ends: [{ cause: 'cut-credit', class: 'premium-special', seconds: [1, LONGEST_SECONDS - 1] }],
    steps: placesCallEndedByOthers({ uri: sipUri(WAIVED), from: BACK, talkMs: 0 }),
  },
  {
    name: 'penniless',
    shows: 'C-1: without credit a paid call is refused with 403, in French',
    ...{ socket: `${first}:6141`, of: 'site', fate: 'refused' },
    ends: refusal('refused-credit', 'premium-special'),
    steps: isRefused(
      { uri: sipUri(WAIVED), from: BACK, talkMs: 0 },
      403,
      inFrench(403, 'Credit epuise', 'Limite de consommation atteinte : appels entrants et urgences seulement'),
    ),
  },
  {
    name: 'sos-penniless',
    shows: 'V-1: without credit an emergency call passes',
    ...{ socket: `${first}:6142`, of: 'site', fate: 'passes' },
    ends: hungUp('emergency', [1, 6]),
    steps: placesCall({ uri: sipUri('18'), from: BACK, talkMs: 300 }),
  },
];
