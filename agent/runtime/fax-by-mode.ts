import type { SiteConfig } from '../model/site-config.ts';
import type { FaxCall, FaxCallNews, FaxCalls } from '../ports/fax-calls.ts';

type Mode = NonNullable<SiteConfig['fax']>['lines'][number]['mode'];
type Listener = (call: FaxCall) => ((news: FaxCallNews) => void) | undefined;

/** The calls of a site by what takes them: a line has one mode, and whoever serves that mode hears of its calls alone. */
export function faxByMode(calls: FaxCalls, fax: SiteConfig['fax']): Readonly<Record<Mode, FaxCalls>> {
  const modes = new Map(fax?.lines.map(({ number, mode }) => [number, mode]));
  const listeners = new Map<Mode, Listener>();
  calls.onCall((call) => {
    const mode = modes.get(call.line);
    return mode && listeners.get(mode)?.(call);
  });
  const of = (mode: Mode): FaxCalls => ({
    dial: calls.dial,
    onCall: (listen) => void listeners.set(mode, listen),
  });
  return { machine: of('machine'), terminal: of('terminal') };
}
