import { createHash } from 'node:crypto';
import { type Millis, millis } from '../../../agent/model/units.ts';
import type { Clock } from '../../../agent/ports/clock.ts';
import type { FaxCall, FaxCallNews } from '../../../agent/ports/fax-calls.ts';
import type { FaxFlow, FaxMedia, FaxWires } from '../../../agent/ports/fax-wires.ts';
import type { Endpoint, SipDatagram, VoiceWire } from '../../../agent/ports/voice-wire.ts';
import { createFaxCalls, type FaxPhones } from '../../../agent/runtime/fax-calls.ts';
import { forward } from '../../../agent/runtime/forward.ts';
import { createTurns } from '../../../agent/runtime/turns.ts';
import { createSimClock, type SimClock } from '../../../hw-sim/site/sim-clock.ts';
import { createSimRandom } from '../../../hw-sim/site/sim-random.ts';
import { WITHOUT_FLOWS } from '../../../hw-sim/site/without-flows.ts';
import { siteConfig } from '../../example-site.ts';

/** What a path does to one datagram: when its copies arrive; none: it is lost. */
export type Path = () => readonly Millis[];

/** One fax line at its end of a path, and everything that it was told, in order. */
export type End = {
  readonly phones: FaxPhones;
  /** For another agent at this end, in place of `phones`. */
  readonly wire: VoiceWire;
  readonly media: FaxMedia;
  readonly number: string;
  readonly news: FaxCallNews[];
  readonly calls: FaxCall[];
  /** SIP that it sent, as text. */
  readonly said: string[];
  /** Bytes that reach it from outside. */
  readonly give: (bytes: Uint8Array) => void;
  /** The process dies: nothing is heard any more, and its sockets are gone. */
  readonly dies: () => void;
  /** Another life of the line at the same address, on its own clock. */
  readonly reborn: (clock: Clock, life: string) => FaxPhones;
};

export type FaxWorld = { readonly clock: SimClock; readonly near: End; readonly far: End };

const hash: FaxWires['hash'] = (algorithm, text) =>
  createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
    .update(text, 'utf8')
    .digest('hex');

const SITE = siteConfig();

/** Two fax lines that speak to each other over one bad path, without a guard or an operator between them. */
export function faxWorld(seed: string, path: Path = () => [millis(20)]): FaxWorld {
  const clock = createSimClock(millis(1_790_000_000_000));
  const flows = new Map<string, { hear: (bytes: Uint8Array, from: Endpoint) => void }>();
  const carry = (arrive: () => void): void => {
    for (const delay of path()) clock.after(delay, arrive);
  };
  const open = (name: string, number: string, address: string, other: () => End): End => {
    const news: FaxCallNews[] = [];
    const calls: FaxCall[] = [];
    const said: string[] = [];
    let hear: (datagram: SipDatagram) => void = () => undefined;
    const voice: VoiceWire = {
      open: (listen) => {
        hear = listen;
      },
      transport: () => 'UDP',
      toPhone: () => undefined,
      toNetwork(_phone, _server, bytes) {
        said.push(new TextDecoder().decode(bytes));
        const copy = bytes.slice();
        if (!said.at(-1)?.startsWith('REGISTER')) carry(() => other().give(copy));
      },
      moved: () => undefined,
      close: () => undefined,
    };
    const media = mediaAt(address, flows, carry);
    const make = (own: Clock, chance: string): FaxPhones =>
      createFaxCalls({
        config: {
          ...SITE,
          fax: { lines: [{ number, mode: 'machine', server: 'voice', user: name, stationId: number }] },
        },
        ports: {
          clock: own,
          random: createSimRandom(chance),
          voice,
          journal: { step: () => undefined, fault: () => undefined },
          media: { heard: (done) => done(new Set()), ...WITHOUT_FLOWS },
        },
        wires: {
          media: mediaAt(address, flows, carry),
          passwords: new Map([[number, 'secret']]),
          hash,
          address: () => address,
        },
        turns: createTurns(),
      });
    const phones = make(clock, `${seed}/${name}`);
    phones.voice.open((datagram) => forward(phones.voice, datagram));
    phones.onCall((call) => {
      calls.push(call);
      return (one) => void news.push(one);
    });
    const home = { address: '127.0.0.1', port: 9_060 };
    const give = (bytes: Uint8Array): void => hear({ from: 'network', phone: home, server: 'voice', bytes });
    const dies = (): void => {
      hear = () => undefined;
      for (const key of [...flows.keys()].filter((one) => one.startsWith(`${address}:`))) flows.delete(key);
    };
    const reborn = (own: Clock, life: string): FaxPhones => make(own, `${seed}/${name}/${life}`);
    return { ...{ phones, wire: voice, media, number }, news, calls, said, give, dies, reborn };
  };
  const near: End = open('near', '+33172890001', '192.0.2.1', () => far);
  const far: End = open('far', '+33172890002', '192.0.2.2', () => near);
  return { clock, near, far };
}

type Flows = Map<string, { readonly hear: (bytes: Uint8Array, from: Endpoint) => void }>;

function mediaAt(address: string, flows: Flows, carry: (arrive: () => void) => void): FaxMedia {
  let port = 19_000;
  return {
    open(ready) {
      port += 2;
      const own = { address, port };
      const key = `${address}:${port}`;
      let hear: (bytes: Uint8Array) => void = () => undefined;
      let peer: Endpoint | undefined;
      flows.set(key, { hear: (bytes, from) => from.address === peer?.address && hear(bytes) });
      const flow: FaxFlow = {
        port,
        lead: (next) => {
          peer = next;
        },
        listen: (next) => {
          hear = next;
        },
        send(bytes) {
          const to = peer && `${peer.address}:${peer.port}`;
          if (to) carry(() => flows.get(to)?.hear(bytes, own));
        },
        close: () => void flows.delete(key),
      };
      ready(flow);
    },
  };
}
