import {
  activateContext,
  attach,
  type ContextAddress,
  type ContextType,
  contextAddress,
  type DataContext,
  defineContext,
} from './at/commands/data-context.ts';
import type { AtRefusal } from './at/result.ts';
import { answered, type Modem } from './modem.ts';

/** What became of a data context. `away` is a modem that is absent or silent: what it did then is read when it is back. */
type Raised =
  | { readonly so: 'up'; readonly address: ContextAddress | undefined }
  | { readonly so: 'refused'; readonly refusal: AtRefusal }
  | { readonly so: 'away' };

/** Defines a context, attaches and brings it up (TS 27.007 10.1). @throws RangeError for a context no network would take. */
export async function raiseContext(
  modem: Modem,
  context: DataContext & { readonly type: ContextType },
): Promise<Raised> {
  for (const command of [defineContext(context), attach(true), activateContext(context.id, true)]) {
    const answer = await modem.ask(command);
    if (answer.at === 'refused') return { so: 'refused', refusal: answer.refusal };
    if (answer.at !== 'answered') return { so: 'away' };
  }
  return { so: 'up', address: answered(await modem.ask(contextAddress(context.id))) };
}

/** Whether the modem says that the context is down. */
export async function lowerContext(modem: Modem, id: number): Promise<boolean> {
  return (await modem.ask(activateContext(id, false))).at === 'answered';
}
