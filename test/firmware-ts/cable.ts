import type { Namespace } from './namespace.ts';

/** A program inside, and what it printed; anything but success is an error of the test. */
export async function runIn(place: Namespace, words: readonly [string, ...string[]], stdin?: string): Promise<string> {
  const [program, ...args] = words;
  const { status, stdout, stderr } = await place.commands.run(program, args, stdin);
  if (status !== 0) throw new Error(`${words.join(' ')}: ${stderr}`);
  return stdout;
}

type CableEnd = { readonly place: Namespace; readonly device: string; readonly address: string };

/** A cable between two namespaces, with an address and up at both ends. */
export async function cable(near: CableEnd, far: CableEnd): Promise<void> {
  const peer = ['peer', 'name', far.device, 'netns', String(far.place.pid)];
  await runIn(near.place, ['ip', 'link', 'add', near.device, 'type', 'veth', ...peer]);
  for (const { place, device, address } of [near, far]) {
    await runIn(place, ['ip', 'address', 'add', address, 'dev', device]);
    await runIn(place, ['ip', 'link', 'set', device, 'up']);
  }
}
