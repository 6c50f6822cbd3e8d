import { nodesIn } from './ber.ts';
import { type Command, type Obeyed, withChannel } from './card-command.ts';
import { type CardState, FRESH_CHANNEL } from './card-state.ts';
import type { EuiccFunction, EuiccKeys, EuiccSaid } from './euicc-call.ts';
import { IDENTITY } from './euicc-identity.ts';
import { NOTIFYING } from './euicc-notifications.ts';
import { loadSegment } from './euicc-package.ts';
import { PROFILES } from './euicc-profiles.ts';
import { SESSION } from './euicc-session.ts';

const FUNCTIONS: Readonly<Record<string, EuiccFunction>> = { ...IDENTITY, ...PROFILES, ...NOTIFYING, ...SESSION };

/** STORE DATA to the ISD-R: blocks until the last one, then the request that they make (SGP.22 5.7.2). */
export function obeyEuicc(state: CardState, number: number, command: Command, keys: EuiccKeys): Obeyed {
  const channel = state.live.channels[number] ?? FRESH_CHANNEL;
  const { p1, p2, data } = command;
  if ((p1 !== 0x11 && p1 !== 0x91) || p2 !== channel.blocks % 256) return { word: '6A86' };
  const asked = `${channel.asked}${data.toString('hex')}`;
  if (p1 === 0x11) {
    return { word: '9000', state: withChannel(state, number, { ...channel, asked, blocks: channel.blocks + 1 }) };
  }
  const rested = withChannel(state, number, { ...channel, asked: '', blocks: 0 });
  const said = answerTo(Buffer.from(asked, 'hex'), rested, keys);
  if (said === undefined) return { word: '6A88', state: rested };
  return { word: '9000', answer: said.answer, state: changed(rested, said) };
}

function changed(state: CardState, { euicc, live }: EuiccSaid): CardState {
  return {
    kept: euicc === undefined ? state.kept : { ...state.kept, euicc },
    live: { ...state.live, ...live },
  };
}

function answerTo(request: Buffer, state: CardState, keys: EuiccKeys): EuiccSaid | undefined {
  const { euicc } = state.kept;
  if (euicc === undefined) return undefined;
  const isPackage = request.subarray(0, 2).toString('hex') === 'bf36' || state.live.loading !== undefined;
  const [node, ...more] = nodesIn(request) ?? [];
  // A function in the middle of a package gives the package up (SGP.22 5.7.6).
  const known = more.length === 0 && node !== undefined ? FUNCTIONS[node.tag] : undefined;
  if (isPackage && known === undefined) return loadSegment({ state, euicc, keys, fields: [] }, request);
  const fields = nodesIn(node?.body);
  if (known === undefined || fields === undefined) return undefined;
  const said = known({ state, euicc, keys, fields });
  return isPackage ? { ...said, live: { loading: undefined, ...said.live } } : said;
}
