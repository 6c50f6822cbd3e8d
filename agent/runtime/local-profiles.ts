import { never } from '../model/never.ts';
import type { ApduChannel } from '../ports/apdu-channel.ts';
import type { Clock } from '../ports/clock.ts';
import type { HttpsPost } from '../ports/https-post.ts';
import { ES9_HEADERS } from '../uicc/es9/calls.ts';
import type { Es10Call } from '../uicc/es10/call.ts';
import type { ProfileMetadata } from '../uicc/es10/profiles.ts';
import type { CancelReason } from '../uicc/es10/session.ts';
import { ask, type CardNews, type Heard, heardFromCard, type PostServer, type ServerNews } from '../uicc/lpa/asked.ts';
import { type DeliveryEnd, startDelivery, stepDelivery } from '../uicc/lpa/delivery.ts';
import { startDownload, stepDownload } from '../uicc/lpa/download.ts';
import type { Download, DownloadEnd, DownloadEvent, DownloadOrder } from '../uicc/lpa/download-state.ts';
import { createEuiccDesk, type EuiccDesk } from './euicc-desk.ts';
import { createTurns } from './turns.ts';

export type ProfilePorts = { readonly channel: ApduChannel; readonly https: HttpsPost; readonly clock: Clock };

/** What varies from site to site. */
export type ProfileSettings = {
  /** AIDs of the ISD-R in hex, tried in order; the standard's own where nothing is said. */
  readonly applications?: readonly string[];
  /** Where a server is reached whose name leads elsewhere, as in a laboratory: `https://host:port` by its name. */
  readonly servers?: Readonly<Record<string, string>>;
};

export type DownloadWatch = {
  /** What is about to be installed; a reason where it is not wanted. */
  readonly consent: (metadata: ProfileMetadata, answer: (refused: CancelReason | undefined) => void) => void;
  /** Each state, for the progress that a field engineer sees. */
  readonly moved?: (at: Download['at']) => void;
};

/** The local profile assistant of one eUICC. Operations wait their turn, in the order of asking. */
export type LocalProfiles = {
  /** One function of the eUICC: list, enable, delete, name and so on. */
  ask<T>(call: Es10Call<T>, done: (heard: Heard<T>) => void): void;
  /** Answers how to take the order back, which is too late once the package goes to the card. */
  download(
    order: DownloadOrder,
    watch: DownloadWatch,
    done: (end: DownloadEnd) => void,
  ): (reason: CancelReason) => void;
  /** Tells the servers what the eUICC has to tell them. */
  deliver(done: (end: DeliveryEnd) => void): void;
};

type Works = {
  readonly ports: ProfilePorts;
  readonly settings: ProfileSettings;
  readonly desk: EuiccDesk;
  readonly waiting: ((over: () => void) => void)[];
  busy: boolean;
};

export function createLocalProfiles(ports: ProfilePorts, settings: ProfileSettings = {}): LocalProfiles {
  const desk = createEuiccDesk(ports.channel, settings.applications);
  const works: Works = { ports, settings, desk, waiting: [], busy: false };
  return {
    ask: (call, done) =>
      inTurn(works, (over) =>
        desk.ask(ask(call), (news) => {
          over();
          done(heardFromCard(news, call));
        }),
      ),
    download: (order, watch, done) => download(works, order, watch, done),
    deliver: (done) =>
      inTurn(works, (over) =>
        deliver(works, (end) => {
          over();
          done(end);
        }),
      ),
  };
}

/** One operation at a time; the channel is given back when the last of them is over. */
function inTurn(works: Works, operation: (over: () => void) => void): void {
  works.waiting.push(operation);
  if (!works.busy) next(works);
}

function next(works: Works): void {
  const operation = works.waiting.shift();
  works.busy = operation !== undefined;
  operation?.(() => (works.waiting.length > 0 ? next(works) : works.desk.release(() => next(works))));
}

function download(works: Works, order: DownloadOrder, watch: DownloadWatch, done: (end: DownloadEnd) => void) {
  const turns = createTurns();
  let state: Download | undefined;
  let stopped: CancelReason | undefined;
  const hear = (event: DownloadEvent) => turns(() => state && take(stepDownload(state, event, order)));
  let over = () => {};
  const take = ([after, effects]: ReturnType<typeof stepDownload>) => {
    const hasMoved = state?.at !== after.at;
    state = after;
    if (hasMoved) watch.moved?.(after.at);
    for (const effect of effects) {
      if (effect.do === 'ask-card') works.desk.ask(effect, hear);
      else if (effect.do === 'post') post(works, effect, hear);
      else if (effect.do === 'wait') works.ports.clock.after(effect.for, () => hear({ on: 'waited' }));
      else if (effect.do === 'ask-consent')
        watch.consent(effect.metadata, (no) =>
          hear(no === undefined ? { on: 'consented' } : { on: 'canceled', reason: no }),
        );
      else never(effect);
    }
    if (after.at !== 'over') return;
    over();
    done(after.end);
  };
  inTurn(works, (ended) => {
    over = ended;
    turns(() => take(startDownload(order)));
    if (stopped !== undefined) hear({ on: 'canceled', reason: stopped });
  });
  return (reason: CancelReason) => {
    stopped = reason;
    hear({ on: 'canceled', reason });
  };
}

function deliver(works: Works, done: (end: DeliveryEnd) => void): void {
  const turns = createTurns();
  let [state, first] = startDelivery();
  const hear = (news: CardNews | ServerNews) => turns(() => take(stepDelivery(state, news)));
  const take = ([after, effects]: ReturnType<typeof stepDelivery>) => {
    const isNews = after !== state;
    state = after;
    for (const effect of effects) {
      if (effect.do === 'ask-card') works.desk.ask(effect, hear);
      else if (effect.do === 'post') post(works, effect, hear);
      else never(effect);
    }
    if (isNews && after.at === 'over') done(after.end);
  };
  turns(() => {
    const effects = first;
    first = [];
    take([state, effects]);
  });
}

function post({ ports, settings }: Works, { server, path, body }: PostServer, hear: (news: ServerNews) => void): void {
  const base = settings.servers?.[server] ?? `https://${server}`;
  ports.https.post({ url: `${base}${path}`, headers: ES9_HEADERS, body }, (answer) => {
    if (answer === 'silent') hear({ on: 'server-silent' });
    else if (answer === 'untrusted') hear({ on: 'server-untrusted' });
    else hear({ on: 'server-answered', ...answer });
  });
}
