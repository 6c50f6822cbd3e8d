import { never } from '../../agent/model/never.ts';
import type { DayItem } from './day-incidents.ts';
import type { SimLife, SimSite } from './site.ts';

/** What a day cannot do to the site by itself: the agent and the central belong to whoever plays it. */
type DayHooks = {
  /** The box has a new life: start the agent on its ports. */
  agentStarts(life: SimLife): void;
  central(news: 'stopped' | 'started'): void;
};

/** Sets all of a day on the site's clock, counted from now; nothing happens until time is let pass. */
export function playDay(site: SimSite, day: readonly DayItem[], hooks: DayHooks): void {
  for (const item of day) site.clock.after(item.at, () => play(site, item, hooks));
}

function play(site: SimSite, item: DayItem, hooks: DayHooks): void {
  switch (item.what) {
    case 'call':
      site.voice.place(item.call);
      return;
    case 'link-cut':
      site.links.cut(item.link);
      return;
    case 'link-mended':
      site.links.mend(item.link);
      return;
    case 'broker-cut':
      site.broker.cut();
      return;
    case 'broker-mended':
      site.broker.mend();
      return;
    case 'central-stopped':
      hooks.central('stopped');
      return;
    case 'central-started':
      hooks.central('started');
      return;
    case 'power-cut':
      site.powerCut();
      return;
    case 'agent-killed':
      site.kill();
      return;
    case 'power-back':
    case 'agent-restarted':
      hooks.agentStarts(site.restart());
      return;
    default:
      never(item);
  }
}
