import { LeaseGrantSchema, ReceiptSchema, topics, WelcomeSchema } from '../../../agent/model/messages.ts';
import type { CentralMessage } from '../../../provisioning/central/central-core.ts';
import { connectPeer, type Peer } from '../broker/mosquitto.ts';
import type { Site } from './site.ts';

export type SendingBox = {
  readonly site: Site;
  /** Receipts that moved it on. */
  receipts(): number;
  /** Sends until everything is received and the wished lease is there. */
  drained(): Promise<void>;
  end(): Promise<void>;
};

type BoxSettings = {
  readonly site: Site;
  readonly port: number;
  readonly password: string;
  /** Called for each receipt that moved it on. */
  readonly onReceipt: () => void;
};

const ENVELOPE = 12;
const WINDOW = 4 * ENVELOPE;
/** A box waits 15 s for a receipt; here nothing is far away. */
const PATIENCE_MS = 400;

/** A site on the road: what the agent's sync and credit machines do, in few words. It says everything again until it is answered. */
export async function connectBox({ site, port, password, onReceipt }: BoxSettings): Promise<SendingBox> {
  const on = topics('example-operator', site.device);
  const peer: Peer = await connectPeer({ port, username: site.device, password });
  let received = 0;
  let sent = 0;
  let receipts = 0;
  let greeted = false;
  let wishes = 0;
  let stopped = false;
  const leases = new Set<string>();
  const waiters: (() => void)[] = [];

  const say = ({ topic, payload }: CentralMessage): void => void peer.publish(topic, payload);
  const wish = (): void => say(site.wish(`wish-${wishes}`, 60_000_000, 0));

  function pump(): void {
    while (greeted && sent < site.bodies.length && sent - received < WINDOW) {
      say(site.records(sent + 1, ENVELOPE));
      sent = Math.min(sent + ENVELOPE, site.bodies.length);
    }
    if (received === site.bodies.length) for (const done of waiters.splice(0)) done();
  }

  function hear(topic: string, payload: string): void {
    if (topic === on.welcome) moved(WelcomeSchema.parse(JSON.parse(payload)).receipt.upTo);
    if (topic === on.receipt) moved(ReceiptSchema.parse(JSON.parse(payload)).upTo);
    if (topic === on.leaseGrant) granted(payload);
    pump();
  }

  function moved(upTo: number): void {
    greeted = true;
    if (upTo <= received) return;
    received = upTo;
    sent = Math.max(sent, received);
    receipts += 1;
    onReceipt();
  }

  /** Each lease is talked over and given back, and the next one wished for. */
  function granted(payload: string): void {
    const { lease, request } = LeaseGrantSchema.parse(JSON.parse(payload));
    if (lease === null || leases.has(lease.id) || request !== `wish-${wishes}`) return;
    leases.add(lease.id);
    site.hear({ topic: on.leaseGrant, payload });
    for (let call = 0; call < 6; call += 1) site.call(`${request}-${call}`, '0612345678', 7 * (call + 1));
    site.giveBack(lease.id);
    wishes += 1;
    if (!stopped) wish();
  }

  /** Whatever was lost on the way or in a central that died is said again. */
  const again = setInterval(() => {
    if (!greeted) say(site.hello());
    sent = received;
    if (!stopped) wish();
    pump();
  }, PATIENCE_MS);

  await peer.subscribe(on.allDown);
  peer.client.on('message', (topic, payload) => hear(topic, payload.toString('utf8')));
  say(site.hello());
  wish();
  return {
    site,
    receipts: () => receipts,
    drained: () =>
      new Promise((done) => {
        stopped = true;
        waiters.push(done);
        pump();
      }),
    end: async () => {
      clearInterval(again);
      await peer.end();
    },
  };
}
