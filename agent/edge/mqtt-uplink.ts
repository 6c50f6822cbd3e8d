import mqtt, { type MqttClient } from 'mqtt';
import { millis } from '../model/units.ts';
import type { Cancel, Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import type { Uplink, UplinkNews } from '../ports/uplink.ts';

export type UplinkSettings = {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  readonly clientId: string;
  /** The one topic filter that the device reads. */
  readonly subscribe: string;
};

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 60_000;
const KEEP_ALIVE_SECONDS = 10;
/** A broker that can't be heard any more does not hold up the end of the agent. */
const FAREWELL = millis(1_000);

/**
 * MQTT 5 to the central. Each connection is a client of its own: the library's memory of what it could not deliver dies
 * with it, since the ledger is the only outbox. Pauses grow and are spread over their whole length (full jitter).
 */
export function createMqttUplink(
  settings: UplinkSettings,
  clock: Clock,
  random: Random,
  fault: (error: Error) => void,
): Uplink {
  let client: MqttClient | undefined;
  let listen: (news: UplinkNews) => void = () => undefined;
  let pause = FIRST_PAUSE;
  let next: Cancel = () => undefined;
  let closed = false;

  const connect = (): void => {
    const fresh = mqtt.connect({
      ...settings,
      protocol: 'mqtt',
      protocolVersion: 5,
      clean: true,
      reconnectPeriod: 0,
      connectTimeout: 5_000,
      keepalive: KEEP_ALIVE_SECONDS,
      queueQoSZero: false,
      resubscribe: false,
    });
    client = fresh;
    const lost = (): void => {
      if (client !== fresh) return;
      client = undefined;
      fresh.end(true);
      listen({ on: 'disconnected' });
      again();
    };
    fresh.on('connect', () => {
      fresh.subscribe(settings.subscribe, { qos: 1 }, (error) => {
        if (client !== fresh) return;
        if (error) return lost();
        pause = FIRST_PAUSE;
        listen({ on: 'connected' });
      });
    });
    fresh.on(
      'message',
      (topic, payload) => client === fresh && listen({ on: 'message', topic, payload: payload.toString('utf8') }),
    );
    // The library's own listeners stay on a client that is left: they are what ends its timers.
    fresh.on('error', (error) => {
      if (client !== fresh) return;
      fault(error);
      lost();
    });
    fresh.on('close', lost);
  };

  const again = (): void => {
    if (closed) return;
    next();
    next = clock.after(millis(FIRST_PAUSE / 2 + random.fraction() * pause), connect);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  };

  return {
    open(listener) {
      listen = listener;
      connect();
    },
    publish(topic, payload, done) {
      if (client === undefined || !client.connected) return done(false);
      client.publish(topic, payload, { qos: 1 }, (error) => done(!error));
    },
    renew() {
      if (closed) return;
      next();
      pause = FIRST_PAUSE;
      const old = client;
      client = undefined;
      old?.end(true);
      if (old) listen({ on: 'disconnected' });
      connect();
    },
    close(done) {
      closed = true;
      next();
      const old = client;
      client = undefined;
      if (old === undefined) return done();
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
    },
  };
}
