import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { DataPlane } from '../plans/data-plane.ts';
import { copyPlan, MEDIA_SETS } from '../plans/media-plan.ts';
import type { Media, MediaCounts, RtcpCopy } from '../ports/media.ts';
import type { KernelTools } from './kernel-tools.ts';

/**
 * What the kernel knows of the phones' media: who sends RTP (nft-plan.ts, `talkers`), how much of it passed, and copies of
 * RTCP (media-plan.ts). `fault` is told when there are no copies; calls, their counts and everything else go on.
 */
export function createKernelMedia(plane: DataPlane, nft: KernelTools['nft'], fault: (error: Error) => void): Media {
  let ears: readonly Socket[] = [];
  let closed = false;

  const listen = async (hear: (copy: RtcpCopy) => void): Promise<void> => {
    const phone = await openEar((bytes, from) => hear({ from: 'phone', phone: from, bytes }));
    const network = await openEar((bytes, from) => hear({ from: 'network', phone: from, bytes }));
    ears = [phone, network];
    if (closed) return closeEars();
    await nft.ask(copyPlan(plane, { phone: phone.address().port, network: network.address().port }));
  };
  const setsOf = (name: string): readonly string[] => (plane.ipv6 ? [name, `${name}-ipv6`] : [name]);
  const closeEars = (): void => {
    for (const ear of ears) ear.close();
    ears = [];
  };

  return {
    heard(done) {
      Promise.all(setsOf('talkers').map((name) => nft.ask(`list set inet relais ${name}`))).then(
        (texts) => done(new Set(texts.flatMap((text) => [...readTalkers(text)]))),
        // A kernel that can't be asked tells nothing; silence is not proven by it.
        () => undefined,
      );
    },
    counts(done) {
      const countsOf = async (name: string): Promise<MediaCounts['sent']> => {
        const texts = await Promise.all(setsOf(name).map((set) => nft.ask(`list set inet relais ${set}`)));
        return new Map(texts.flatMap((text) => [...readCounts(text)]));
      };
      Promise.all([countsOf(MEDIA_SETS.sent), countsOf(MEDIA_SETS.heard)]).then(
        ([sent, heard]) => done({ sent, heard }),
        () => done(undefined),
      );
    },
    listen(hear) {
      listen(hear).catch((error: unknown) => {
        closeEars();
        if (!closed) fault(error instanceof Error ? error : new Error(String(error)));
      });
    },
    close() {
      closed = true;
      // What stays in the kernel speaks to nobody from here on, is answered by nobody, and is replaced by the next life.
      closeEars();
    },
  };
}

/** Copies come by the loopback device alone: nobody outside of the box can speak to its address. */
async function openEar(hear: (bytes: Uint8Array, from: RtcpCopy['phone']) => void): Promise<Socket> {
  const socket = createSocket('udp4', (bytes, { address, port }) => hear(bytes, { address, port }));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  // Nothing that comes later can be worse than a report less.
  socket.on('error', () => undefined);
  return socket;
}

/** An address of either family as nft prints it, and a port. */
const TALKER = /([0-9a-f:.]*[:.][0-9a-f:.]+|::) \. (\d+)/g;
const COUNTED = /([0-9a-f:.]*[:.][0-9a-f:.]+|::) \. (\d+) counter packets (\d+) bytes (\d+)/g;

export function readTalkers(text: string): ReadonlySet<string> {
  const elements = text.slice(text.indexOf('elements'));
  return new Set([...elements.matchAll(TALKER)].map(([, address, port]) => `${address}:${port}`));
}

export function readCounts(text: string): MediaCounts['sent'] {
  const elements = text.slice(text.indexOf('elements'));
  const found = elements.matchAll(COUNTED);
  return new Map(
    [...found].map(([, address, port, packets, octets]) => [
      `${address}:${port}`,
      { packets: Number(packets), octets: Number(octets) },
    ]),
  );
}
