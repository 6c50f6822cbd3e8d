import { Socket } from 'node:net';
import type { IClientPublishOptions, IConnackPacket, MqttClient } from 'mqtt';
import { type Millis, millis, seconds } from '../model/units.ts';
import type { Cancel, Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import type { BrokerLimits, Uplink, UplinkNews } from '../ports/uplink.ts';
import { type AnswerWatch, createAnswerWatch } from './answer-watch.ts';
import { freshBackOff, pauseAfterFailure, pauseAfterLoss } from './back-off.ts';
import { KEEP_ALIVE, letIn, openClient, type UplinkSettings } from './broker-client.ts';
import { createUplinkCount } from './uplink-count.ts';

/** A broker that can't be heard any more does not hold up the end of the agent. */
const FAREWELL = millis(1_000);
/** An envelope of records takes half of this where voice leaves 8 kbit/s, and nothing is heard before its end. */
const SILENCE = seconds(60);

/**
 * MQTT 5 to the central. Each connection is a client of its own: the library's memory of what it could not deliver dies
 * with it, since the ledger is the only outbox. It does not heed the broker's Receive Maximum; who publishes must.
 */
export function createMqttUplink(
  settings: UplinkSettings,
  clock: Clock,
  random: Random,
  fault: (error: Error) => void,
): Uplink {
  const count = createUplinkCount();
  let client: MqttClient | undefined;
  let watch: AnswerWatch | undefined;
  let keepAlive: Millis = KEEP_ALIVE;
  let listen: (news: UplinkNews) => void = () => undefined;
  let backOff = freshBackOff;
  let next: Cancel = () => undefined;
  let closed = false;

  const connect = (): void => {
    const opened = openClient(settings, keepAlive, fault);
    if (opened === undefined) return again(undefined);
    const { client: fresh, shown } = opened;
    let limits: BrokerLimits | undefined;
    let stoodFrom: Millis | undefined;
    client = fresh;
    count.began(fresh);
    const lost = (): void => {
      if (client !== fresh) return;
      client = undefined;
      own.stop();
      fresh.end(true);
      if (shown && limits === undefined) settings.secure?.identity.failed(shown);
      listen({ on: 'disconnected' });
      again(stoodFrom);
    };
    const own = createAnswerWatch(clock, SILENCE, lost);
    watch = own;
    fresh.on('packetreceive', own.heard);
    fresh.on('connect', (connack) => {
      if (client !== fresh) return;
      if (shown) letIn(settings, shown, fault);
      // Otherwise each message waits for the acknowledgment of the one before (Nagle, RFC 896).
      if (fresh.stream instanceof Socket) fresh.stream.setNoDelay(true);
      limits = limitsIn(connack);
      fresh.subscribe(settings.subscribe, { qos: 1 }, (error) => {
        if (client !== fresh) return;
        if (error || limits === undefined) return lost();
        stoodFrom = clock.mono();
        listen({ on: 'connected', limits });
        hearManagement(fresh);
      });
    });
    fresh.on('message', (topic, payload) => client === fresh && listen(newsOf(topic, payload, settings)));
    // The library's own listeners stay on a client that is left: they are what ends its timers.
    fresh.on('error', (error) => {
      if (client !== fresh) return;
      fault(error);
      lost();
    });
    fresh.on('close', lost);
  };

  /** A broker that refuses these topics keeps the road of the records: nothing of USP is published then (R-MQTT.17). */
  const hearManagement = (fresh: MqttClient): void => {
    const topics = settings.management?.topics ?? [];
    if (topics.length === 0) return;
    fresh.subscribe([...topics], { qos: 1 }, (error) => {
      if (client !== fresh) return;
      if (error) fault(error);
      else listen({ on: 'manageable' });
    });
  };

  const again = (stoodFrom: Millis | undefined): void => {
    if (closed) return;
    next();
    const [after, pause] =
      stoodFrom === undefined
        ? pauseAfterFailure(backOff, random.fraction())
        : pauseAfterLoss(backOff, millis(clock.mono() - stoodFrom), random.fraction());
    backOff = after;
    next = clock.after(pause, connect);
  };

  const say = (
    topic: string,
    payload: string | Buffer,
    more: IClientPublishOptions,
    done: (taken: boolean) => void,
  ) => {
    if (client === undefined || !client.connected) return done(false);
    const asked = watch;
    asked?.asked();
    client.publish(topic, payload, { qos: 1, ...more }, (error) => {
      asked?.answered();
      done(!error);
    });
  };

  return {
    open(listener) {
      listen = listener;
      connect();
    },
    keepAlive(every) {
      keepAlive = every;
    },
    publish: (topic, payload, done) => say(topic, payload, {}, done),
    send: (topic, { bytes, contentType, responseTopic }, done) =>
      // MQTT 5, 3.3.2.3.5: a Response Topic has at least one character, or is not there.
      say(
        topic,
        Buffer.from(bytes),
        { properties: responseTopic === '' ? { contentType } : { contentType, responseTopic } },
        done,
      ),
    renew() {
      if (closed) return;
      next();
      watch?.stop();
      backOff = freshBackOff;
      const old = client;
      client = undefined;
      old?.end(true);
      if (old) listen({ on: 'disconnected' });
      connect();
    },
    use: count.use,
    close(done) {
      closed = true;
      next();
      watch?.stop();
      const old = client;
      client = undefined;
      if (old === undefined) return done();
      farewell(old, clock, done);
    },
  };
}

function newsOf(topic: string, payload: Buffer, { management }: UplinkSettings): UplinkNews {
  if (management?.topics.includes(topic)) return { on: 'record', topic, bytes: Uint8Array.from(payload) };
  return { on: 'message', topic, payload: payload.toString('utf8') };
}

/** MQTT 5, 3.2.2.3.3 and 3.2.2.3.6. */
function limitsIn({ properties }: IConnackPacket): BrokerLimits {
  const { receiveMaximum = 65_535, maximumPacketSize } = properties ?? {};
  return { receiveMaximum, ...(maximumPacketSize === undefined ? {} : { maximumPacketSize }) };
}

function farewell(old: MqttClient, clock: Clock, done: () => void): void {
  let gone = false;
  const finish = (): void => {
    if (gone) return;
    gone = true;
    patience();
    old.stream.destroy();
    done();
  };
  const patience = clock.after(FAREWELL, finish);
  old.end(!old.connected, {}, finish);
}
