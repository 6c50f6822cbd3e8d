import { type ControlClient, openControl } from '../../kernel/control-socket.ts';
import type { KernelSite } from '../../kernel/kernel-site.ts';
import type { Running } from '../../kernel/namespaces.ts';
import { SANDBOX_DIRECTORY } from '../../kernel/sandbox.ts';

/** Of the example order's first line. */
const NUMBER = '+33172890001';
const SERVER = '203.0.113.10';
const PHONE = '192.168.10.10';

/** A phone that is registered through the box, and a call to it that the agent knows of; it runs until it is closed. */
export async function openSipCall(site: KernelSite) {
  const running: Running[] = [];
  const open = async (namespace: string, argv: readonly string[]): Promise<ControlClient> => {
    const socket = `${SANDBOX_DIRECTORY}/call-${argv[0]}.sock`;
    running.push(await site.start(namespace, [...argv, '--control', socket, '--ring-ms', '200']));
    return openControl(socket);
  };
  const peer = await open('core', ['peer', '--address', SERVER]);
  const phone = await open('phones', ['phone', '--address', PHONE, '--server', SERVER, '--number', NUMBER]);
  await phone.ask({ do: 'register' });
  const ring = async () => (await peer.ask({ do: 'call', number: NUMBER, from: '+33199000001' })).call;
  await ring();
  return {
    /** The operator rings at the place that was registered; answers the call's name. */
    ring,
    /** Where the operator believes the phone to be. */
    async bindings(): Promise<readonly string[]> {
      const { re: _, ...found } = await peer.ask({ do: 'bindings' });
      return Object.values(found).map((place) => JSON.stringify(place));
    },
    async calls() {
      const { calls } = await peer.ask({ do: 'report' });
      return (Array.isArray(calls) ? calls : []) as readonly Readonly<Record<string, unknown>>[];
    },
    async close() {
      phone.close();
      peer.close();
      for (const one of running) await one.end();
    },
  };
}
