import { BEAT_FIELDS, FAREWELL, HEARING } from '../model/heartbeat.ts';
import type { Steering } from '../ports/network.ts';
import {
  DATA,
  type DataPlane,
  type Heartbeat,
  linkNamed,
  type PlaneLink,
  VOICE,
  WANTS_DATA,
  WANTS_VOICE,
} from './data-plane.ts';
import { outside, tunnelOf } from './overlay-plan.ts';

/** Sets of the table in which the kernel keeps what it knows of links, by the marks of what they may carry. */
const SETS = ['armed', 'alive', 'held'] as const;
type SetName = (typeof SETS)[number];

/**
 * Marks of links. `armed`: the far end beats there, so silence means something. `alive`: the last beat is believed.
 * `held`: was dead of late, and is not used while another one lives.
 */
export type Liveness = Readonly<Record<SetName, ReadonlySet<number>>>;

/** Elements as nft prints them, to be put into the plan that takes the place of another. */
export type LivenessElements = Readonly<Record<SetName, string>>;

/** What to ask nft, one line for each set: several lists on one line it answers with nothing. */
export const LIST_LIVENESS = SETS.map((name) => `list set inet relais ${name}`);

/** What nft printed of each, in the same order. */
export function readLivenessElements(printed: readonly string[]): LivenessElements {
  const elements = (name: SetName): string =>
    (/elements = \{([^}]*)\}/.exec(printed[SETS.indexOf(name)] ?? '')?.[1] ?? '').replace(/\s+/g, ' ').trim();
  return { armed: elements('armed'), alive: elements('alive'), held: elements('held') };
}

export function livenessOf(elements: LivenessElements): Liveness {
  const marks = (name: SetName): ReadonlySet<number> =>
    new Set([...elements[name].matchAll(/0x[0-9a-f]{8}/g)].map(([mark]) => Number(mark)));
  return { armed: marks('armed'), alive: marks('alive'), held: marks('held') };
}

/**
 * Where the kernel leads voice and data when `wanted` is in the map `steer`: the same rule as in the chains below, which a
 * test compares on a kernel. Never to a dead link while another one lives (F-3); data never to one for voice only (F-4).
 */
export function ledBy(plane: DataPlane, wanted: Steering, liveness: Liveness): Steering {
  const { heartbeat } = plane;
  if (heartbeat === undefined) return wanted;
  const choose = (name: string, kind: number, candidates: readonly number[]): string => {
    const link = linkNamed(plane, name);
    if (link === undefined) return name;
    const mark = choiceOf(
      kind | link.number,
      candidates.map((number) => kind | number),
      liveness,
    );
    return plane.links.find(({ number }) => (kind | number) === mark)?.name ?? name;
  };
  return {
    voice: choose(wanted.voice, VOICE, heartbeat.voiceLinks),
    data: choose(wanted.data, DATA, heartbeat.dataLinks),
  };
}

function choiceOf(wanted: number, candidates: readonly number[], { armed, alive, held }: Liveness): number {
  if (!armed.has(wanted)) return wanted;
  const inTurn = [wanted, ...candidates];
  // What is dead when it is looked at is held from that moment on.
  const sound = inTurn.find((mark) => alive.has(mark) && !held.has(mark));
  return sound ?? inTurn.find((mark) => alive.has(mark)) ?? wanted;
}

const NOTHING_KNOWN: LivenessElements = { armed: '', alive: '', held: '' };

/** Both ends of the data plane's sets, empty or as they were. */
export function livenessSets({ heartbeat }: DataPlane, kept: LivenessElements = NOTHING_KNOWN): string[] {
  if (heartbeat === undefined) return [];
  return SETS.flatMap((name) => [
    `  set ${name} {`,
    '    type mark',
    `    flags dynamic${name === 'armed' ? '' : ',timeout'}`,
    '    size 64',
    ...(kept[name] === '' ? [] : [`    elements = { ${kept[name]} }`]),
    '  }',
  ]).concat(heartbeat.lateMs === undefined ? [] : PUNCTUAL);
}

/** Links whose last beat was not so long ago that the next one is late. */
const PUNCTUAL = ['  set punctual {', '    type mark', '    flags dynamic,timeout', '    size 64', '  }'];

/** Chains for the beats of each link, and for what is to leave by a link that lives. */
export function livenessChains(plane: DataPlane): string[] {
  const { heartbeat } = plane;
  if (heartbeat === undefined) return [];
  return [
    ...beaten(plane).flatMap((link) => beatChain(link, heartbeat, tunnelOf(plane, link.number)?.number)),
    ...livingChain(
      VOICE_CHAIN,
      WANTS_VOICE,
      heartbeat.voiceLinks.map((number) => VOICE | number),
      heartbeat.holdMs,
    ),
    ...livingChain(
      DATA_CHAIN,
      WANTS_DATA,
      heartbeat.dataLinks.map((number) => DATA | number),
      heartbeat.holdMs,
    ),
  ];
}

const VOICE_CHAIN = 'living-voice';
const DATA_CHAIN = 'living-data';

const beaten = ({ links, heartbeat }: DataPlane): readonly PlaneLink[] =>
  links.filter(({ name }) => heartbeat?.cookies[name] !== undefined);

/** A beat is known by its source, the port that probes of the link use, and the cookie that only both ends know. */
export function beatJumps(plane: DataPlane): string[] {
  const { heartbeat } = plane;
  if (heartbeat === undefined) return [];
  return beaten(plane).map(
    (link) =>
      `    iifname "${beatenBy(plane, link)}" ip saddr ${heartbeat.address} udp sport ${heartbeat.port} udp dport ${link.probePort} @th,${BEAT_FIELDS.cookie},64 0x${heartbeat.cookies[link.name]} goto beat-${link.number}`,
  );
}

/** Beats of a link come by its tunnel where it has one, and say whether that lives. */
const beatenBy = (plane: DataPlane, { number, interface: own }: PlaneLink): string =>
  tunnelOf(plane, number)?.interface ?? own;

/** Zones of the echoes; no flow of anybody else is there. */
const BEAT_ZONES = 1_024;
export const beatZone = (link: number): number => BEAT_ZONES + link;

/**
 * The beat says itself how long it may be believed, so that no agent is needed when its pace changes. It is then led back
 * to where it came from: the far end hears it, and says so on the next one. Not heard is as dead as silent.
 */
function beatChain({ number }: PlaneLink, { timeoutsMs, lateMs }: Heartbeat, tunnel?: number): string[] {
  const hearing = `@th,${BEAT_FIELDS.hearing},8`;
  const heard = `${hearing} ${HEARING.heard}`;
  const believed = (written: number, ms: number): string =>
    `    ${heard} @th,${BEAT_FIELDS.timeout},16 ${written} update @alive { meta mark timeout ${ms}ms }`;
  const learn = (mark: number): string[] => [
    `    meta mark set ${mark}`,
    `    ${hearing} ${HEARING.lost} delete @alive { meta mark }`,
    `    ${heard} add @armed { meta mark }`,
    ...timeoutsMs.map((ms) => believed(ms, ms)),
    believed(FAREWELL.timeout, FAREWELL.ms),
  ];
  const punctual = Object.entries(lateMs ?? {}).map(
    ([timeout, ms]) =>
      `    ${heard} @th,${BEAT_FIELDS.timeout},16 ${timeout} update @punctual { meta mark timeout ${ms}ms }`,
  );
  return [
    `  chain beat-${number} {`,
    ...learn(DATA | number),
    // Last, because its echo leaves with this mark: by its own link, before data.
    ...learn(VOICE | number),
    ...punctual,
    ...(tunnel === undefined ? [] : [`    meta mark set ${VOICE | tunnel}`]),
    `    ct zone set ${beatZone(number)}`,
    '  }',
  ];
}

/** `ledBy` in the words of nft; the mark is that of the wanted link when the chain begins. */
function livingChain(name: string, wants: number, marks: readonly number[], holdMs: number): string[] {
  const hold = `update @held { meta mark timeout ${holdMs}ms }`;
  const wanted = [`    meta mark set ${wants}`, '    meta mark set meta mark map @steer'];
  return [
    `  chain ${name} {`,
    '    meta mark != @armed return',
    '    meta mark @alive meta mark != @held return',
    `    meta mark != @alive ${hold}`,
    ...marks.flatMap((mark) => [
      `    meta mark set ${mark}`,
      `    meta mark @armed meta mark != @alive ${hold}`,
      '    meta mark @alive meta mark != @held return',
    ]),
    ...wanted,
    '    meta mark @alive return',
    ...marks.flatMap((mark) => [`    meta mark set ${mark}`, '    meta mark @alive return']),
    ...wanted,
    '  }',
  ];
}

/** After the map `steer` has said which link is wanted. */
export function livingJumps({ heartbeat, links }: DataPlane): string[] {
  if (heartbeat === undefined) return [];
  const marks = (kind: number): string => links.map(({ number }) => kind | number).join(', ');
  return [
    `    meta mark { ${marks(VOICE)} } jump ${VOICE_CHAIN}`,
    `    meta mark { ${marks(DATA)} } jump ${DATA_CHAIN}`,
  ];
}

/** The way back of a beat: to whom it came from, with the address of its link (the chain `to-links`). */
export function echoTranslation(plane: DataPlane): string[] {
  if (plane.heartbeat === undefined) return [];
  const { address, port } = plane.heartbeat;
  const zones = beaten(plane).map(({ number }) => beatZone(number));
  return [`    ct zone { ${zones.join(', ')} } meta l4proto udp dnat ip to ${address}:${port}`];
}

/** By its own link or not at all: an echo that came by another one would say that a dead link lives. */
export const echoPasses = (plane: DataPlane): string[] =>
  beaten(plane).map((link) => {
    const own = beatenBy(plane, link);
    return `    iifname "${own}" oifname "${own}" ct zone ${beatZone(link.number)} accept`;
  });

/**
 * A link without carrier has lost its route, and what is led to it would leave by another one: with the connection of the one
 * and the address of the other, so that no answer is known, and the connection dies when the link is back. It is lost, and the
 * link with it, until its next beat: the next packet takes another. Probes and what wraps voice do not move at all.
 */
export function byOwnLinks(plane: DataPlane): string[] {
  const dead = plane.heartbeat === undefined ? '' : 'delete @alive { meta mark } ';
  return [...plane.links, ...(plane.overlay?.tunnels ?? [])].map(({ interface: own, number }) => {
    // The second copy of a packet goes into the tunnel with the mark of the link below it.
    const tunnel = tunnelOf(plane, number);
    const ways = tunnel === undefined ? `"${own}"` : `{ "${own}", "${tunnel.interface}" }`;
    return `    meta nfproto ipv4 meta mark { ${VOICE | number}, ${DATA | number} } oifname { ${outside(plane)} } oifname != ${ways} ${dead}drop`;
  });
}

/**
 * Whatever was chosen: a link that has lost its route is not taken while another one may have it, before a beat is missed. In
 * `from-lans` alone; of the box's own packets the kernel does not tell this, and the first one is lost (`byOwnLinks`).
 */
export function pastRoutelessLinks({ heartbeat, links }: DataPlane): string[] {
  if (heartbeat === undefined) return [];
  const past = (kind: number, candidates: readonly number[]): string[] =>
    candidates.flatMap((number, index) => {
      const own = links.find((link) => link.number === number)?.interface;
      const next = candidates[(index + 1) % candidates.length];
      if (own === undefined || next === undefined || next === number) return [];
      return [
        `    meta nfproto ipv4 meta mark ${kind | number} fib daddr . mark oifname != "${own}" meta mark set ${kind | next}`,
      ];
    });
  return [...past(VOICE, heartbeat.voiceLinks), ...past(DATA, heartbeat.dataLinks)];
}

/** A packet that leaves by where it came in makes the kernel advise its sender of a shorter way (RFC 1812 5.2.7.2). */
export const noRedirects = (plane: DataPlane): string[] =>
  plane.heartbeat === undefined ? [] : ['    icmp type redirect drop'];
