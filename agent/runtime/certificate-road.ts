import { topics } from '../model/messages.ts';
import type { SiteConfig } from '../model/site-config.ts';
import { hours } from '../model/units.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import { isDue } from '../x509/fits-time.ts';
import type { Connection } from './connection.ts';
import { createTimers } from './timers.ts';
import type { Turns } from './turns.ts';

type Needs = {
  readonly config: SiteConfig;
  readonly ports: Pick<AgentPorts, 'clock' | 'journal' | 'uplink' | 'identity'>;
  readonly turns: Turns;
  readonly connection: Connection;
};

/** The box's next certificate: asked for at two thirds of the life of the one before (D-3). */
export interface CertificateRoad {
  /** Whether it is time; asks when it is. Also after each connect. */
  look(): void;
  came(message: { readonly certificate: string }): void;
  stop(): void;
}

/** An operator that signs by hand has months; each question is under a kilobyte. */
const PACE = hours(6);

export function createCertificateRoad({ config, ports, turns, connection }: Needs): CertificateRoad {
  const { clock, journal, uplink, identity } = ports;
  const on = topics(config.tenant, config.device.id);
  const timers = createTimers<'look'>(clock, turns);

  function look(): void {
    const life = identity?.life();
    timers.set('look', PACE, look);
    if (identity === undefined || life === undefined || !isDue(life, clock.wall()) || !connection.up()) return;
    const asked = identity.request();
    if (asked !== undefined) connection.publish(on.certificateRequest, { device: config.device.id, ...asked });
  }

  return {
    look,
    came({ certificate }) {
      const refused = identity?.take(certificate);
      if (refused !== undefined) return journal.fault('a certificate of the central was not taken', { why: refused });
      // Shown at once: the one before is kept until the broker has let the box in by this one.
      if (identity) uplink.renew();
    },
    stop: () => timers.stop(),
  };
}
