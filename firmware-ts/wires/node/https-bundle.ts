import { request } from 'node:https';
import type { Millis } from '../../../agent/model/units.ts';
import type { BundleSource, Fetched } from '../release-files.ts';

type Trust = {
  /** PEM of roots that are believed in the place of the system's own; absent: the system's. */
  readonly roots?: string | undefined;
  /** Without a byte for so long, the line is broken. */
  readonly silence: Millis;
};

const PARTIAL = 206;
const WHOLE = 200;
const BEHIND_THE_END = 416;

/** HTTPS with ranges (RFC 9110 14.2), TLS 1.2 or later, the name of the host checked, no redirections. */
export const httpsBundle = ({ roots, silence }: Trust): BundleSource => ({
  fetch: (url, from, take) =>
    new Promise((settle) => {
      const options = {
        ...(roots !== undefined && { ca: roots }),
        ...(from > 0 && { headers: { Range: `bytes=${from}-` } }),
        minVersion: 'TLSv1.2' as const,
        agent: false as const,
      };
      const question = request(url, options, (response) => {
        const { statusCode = 0, headers } = response;
        const ends = (how: Fetched) => {
          response.destroy();
          settle(how);
        };
        if (from > 0 && statusCode === BEHIND_THE_END) return ends('over');
        // A server that begins anew, or elsewhere, is told so: its bytes do not fit those that are here.
        const fits =
          from === 0 ? statusCode === WHOLE : statusCode === PARTIAL && begins(headers['content-range']) === from;
        if (!fits)
          return ends(statusCode >= 400 && statusCode < 500 ? 'refused' : statusCode === WHOLE ? 'over' : 'broken');
        response.on('data', (bytes: Uint8Array) => {
          if (!take(bytes)) ends('broken');
        });
        response.on('end', () => settle(response.complete ? 'complete' : 'broken'));
        response.on('error', () => settle('broken'));
        response.on('close', () => settle('broken'));
      });
      question.setTimeout(silence, () => question.destroy());
      question.on('error', () => settle('broken'));
      question.end();
    }),
});

const begins = (range: string | undefined): number => Number(/^bytes (\d+)-/.exec(range ?? '')?.[1] ?? Number.NaN);
