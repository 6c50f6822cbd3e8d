import { setTimeout as pause } from 'node:timers/promises';
import type { Line } from '../../kernel/control-socket.ts';
import { runIn, startIn } from '../../kernel/namespaces.ts';
import { createLines, type Lines } from '../json-lines.ts';
import { relais } from '../relais.ts';
import type { SiteFiles } from '../site-files.ts';

/** Support of the operator, at its own desk: `relais support` over the broker, as it is typed. */
export interface Desk {
  /** Lines of the answer; one question after the other. @throws Error with what was said where it was refused. */
  ask(verb: string, ...words: readonly string[]): Promise<readonly string[]>;
  /** As `ask`, again until the box can take it: a box that has just begun anew is not on the broker yet. */
  insist(verb: string, ...words: readonly string[]): Promise<readonly string[]>;
  /** What the box told of itself, from when it was followed on. */
  readonly told: Lines;
  follow(...paths: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** The broker lets one connection of a name stand: who follows has a name of its own. */
export const CONTROLLERS = [
  { name: 'desk', role: 'support-2' },
  { name: 'watch', role: 'support-2' },
] as const;

const TRIES = 30;
const REST_MS = 500;

export function openDesk({ registry, device }: SiteFiles): Desk {
  const told = createLines();
  const running: { end(): Promise<void> }[] = [];
  const words = (name: string, verb: string, more: readonly string[]) =>
    relais('support', verb, device, ...more, '--as', name, '--directory', registry);
  let before: Promise<unknown> = Promise.resolve();
  const ask: Desk['ask'] = (verb, ...more) => {
    const asked = before.then(() => runIn('core', words('desk', verb, more)));
    before = asked.catch(() => undefined);
    return asked.then((said) => said.split('\n').filter((line) => line !== ''));
  };
  return {
    told,
    ask,
    async insist(verb, ...more) {
      for (let tries = 1; ; tries += 1) {
        try {
          return await ask(verb, ...more);
        } catch (error) {
          if (tries === TRIES) throw error;
          await pause(REST_MS);
        }
      }
    },
    async follow(...paths) {
      // For good: what `events` subscribes to by itself is over with the agent's life.
      const kept = ['Device.LocalAgent.Subscription.', 'ID=starts', 'Enable=true', 'Persistent=true'];
      const what = ['NotifType=Event', `ReferenceList=${paths.join(',')}`];
      await runIn('core', words('watch', 'add', [...kept, ...what]));
      running.push(startIn('core', [...words('watch', 'events', []), '--json'], told.hear));
    },
    async close() {
      for (const one of running) await one.end();
    },
  };
}

/** `Boot!` of a life, with its words. */
export const bootIn = (line: Line): Line | undefined => {
  const event = line.event as { readonly eventName?: string; readonly params?: Line } | undefined;
  return event?.eventName === 'Boot!' ? event.params : undefined;
};
