import type { ProbeAnswer, Probes } from '../../agent/ports/probes.ts';
import type { Life } from './life.ts';
import type { SimLinks } from './sim-links.ts';

/** Probes whose reflector always answers: what is lost is lost by the link, or by a network that `passes` nothing. */
export function createSimProbes(life: Life, links: SimLinks, passes: (link: string) => boolean = () => true): Probes {
  let listener: ((answer: ProbeAnswer) => void) | undefined;
  return {
    open: (listen) => {
      listener = life.hears(listen);
    },
    send: (link, sequence) => {
      if (listener === undefined || !life.alive() || !passes(link)) return;
      links.echo(link, (rttMicros) => listener?.({ link, sequence, rttMicros }));
    },
    close: () => {
      listener = undefined;
    },
  };
}
