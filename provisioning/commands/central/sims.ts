import { type LineStory, readLineStories } from '../../central/line-stories.ts';
import { readStore } from '../../central/store/open-store.ts';
import { readLineOrders } from '../../registry/line-orders.ts';
import { latestConfigs, readRegistry } from '../../registry/registry.ts';
import { DONE } from '../command.ts';
import { noStore, refuse, type WithRegistry } from './wish.ts';

/** S-1, S-2, S-11: what became of the orders for the mobile lines of an account, or of one box. */
export async function sims({ words, flags, directory, store, terminal }: WithRegistry): Promise<number> {
  const [whose, ...more] = words;
  if (whose === undefined || more.length > 0) return refuse(terminal, 'sims: name one account or one device');
  const configs = latestConfigs(readRegistry(directory).configs);
  const devices = configs
    .filter(({ account, device }) => account.id === whose || device.id === whose)
    .map(({ device }) => device.id);
  if (devices.length === 0) {
    const known = configs.map(({ account, device }) => `${account.id} ${device.id}`).join(', ');
    return refuse(terminal, `${whose}: no such account or device; known: ${known || 'none'}`);
  }
  const orders = readLineOrders(directory);
  const stories = await readStore(store, async (database) => {
    const all: LineStory[] = [];
    for (const device of devices) all.push(...(await readLineStories(database, device, orders)));
    return all;
  });
  if (stories === undefined) return refuse(terminal, noStore(store));
  for (const story of stories) terminal.out(flags.has('json') ? JSON.stringify(story) : storyLine(story));
  return DONE;
}

function storyLine({ device, order, is, by, what, orderedAt, so, why, from, to, lost, fate, at }: LineStory): string {
  const about = { sms: `message to ${what}`, sim: `card, ${what}`, line: `line, ${what}` }[is];
  const cards = from === undefined && to === undefined ? '' : `; ${from ?? 'no card'} to ${to ?? 'the same or none'}`;
  return [
    `${device} ${order}: ${about}, by ${by}${orderedAt === undefined ? ', at the box' : ` on ${iso(orderedAt)}`}`,
    `: ${so}${why === undefined ? '' : ` (${why})`}${at === undefined ? '' : ` on ${iso(at)}`}${cards}`,
    lost === undefined ? '' : `; lost: ICCID ${lost.iccid ?? 'not known'}, IMSI ${lost.imsi ?? 'not known'}`,
    fate === undefined ? '' : `; ${fate === 'none' ? 'the network said no more' : fate}`,
  ].join('');
}

const iso = (instant: number): string => new Date(instant).toISOString();
