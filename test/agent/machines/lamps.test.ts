import { describe, expect, it } from 'vitest';
import { lampsOf } from '../../../agent/machines/lamps.ts';

const well = {
  links: [
    { name: 'main', answers: true },
    { name: 'second', answers: true },
  ],
  ...{ voice: 'main', main: 'main', joined: true, recording: true, mains: true, low: false, warm: false },
};
const cut = (...names: string[]) => well.links.map(({ name }) => ({ name, answers: !names.includes(name) }));

describe('G-2, M-3: what the lamps say', () => {
  it.each<readonly [string, Partial<typeof well>, readonly [string, string, string]]>([
    ['all is well', {}, ['on', 'on', 'off']],
    ['support does not see the box', { joined: false }, ['slow', 'on', 'off']],
    ['the second link is missing', { links: cut('second') }, ['on', 'slow', 'off']],
    ['voice is on the second link', { links: cut('main'), voice: 'second' }, ['on', 'fast', 'off']],
    ['voice is still there when the main link answers again', { voice: 'second' }, ['on', 'fast', 'off']],
    ['no link answers', { links: cut('main', 'second') }, ['on', 'off', 'off']],
    ['the box is on battery', { mains: false }, ['on', 'on', 'slow']],
    ['it is too warm', { warm: true }, ['on', 'on', 'slow']],
    ['nothing is recorded', { recording: false }, ['on', 'on', 'on']],
    ['the battery is nearly empty, whatever else', { low: true, mains: false, recording: false }, ['on', 'on', 'fast']],
  ])('%s', (_, change, [box, access, alarm]) => {
    expect(lampsOf({ ...well, ...change })).toEqual({ box, access, alarm });
  });

  it('a link that was never probed is not missing', () => {
    const links = [{ name: 'main', answers: undefined }];
    expect(lampsOf({ ...well, links }).access).toBe('on');
  });
});
