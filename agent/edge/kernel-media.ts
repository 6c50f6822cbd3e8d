import type { Media } from '../ports/media.ts';
import type { KernelTools } from './kernel-tools.ts';

/** Reads the set in which the kernel keeps who sends RTP from the voice LAN (nft-plan.ts, `talkers`). */
export function createKernelMedia(nft: KernelTools['nft']): Media {
  return {
    heard(done) {
      nft.ask('list set inet relais talkers').then(
        (text) => done(readTalkers(text)),
        // A kernel that can't be asked tells nothing; silence is not proven by it.
        () => undefined,
      );
    },
  };
}

export function readTalkers(text: string): ReadonlySet<string> {
  const elements = text.slice(text.indexOf('elements'));
  return new Set(
    [...elements.matchAll(/(\d+\.\d+\.\d+\.\d+) \. (\d+)/g)].map(([, address, port]) => `${address}:${port}`),
  );
}
