import { setTimeout as pause } from 'node:timers/promises';
import type { OpenController } from '../../../provisioning/support/open-controller.ts';

export type RoundTrips = {
  readonly gets: number;
  readonly unanswered: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly worstMs: number;
};

const PATHS = ['SerialNumber', 'SoftwareVersion', 'UpTime', 'FriendlyName'].map((name) => `Device.DeviceInfo.${name}`);
/** A controller has fifty requests a second (docs/usp.md). */
const APART = 25;
const WARM = 50;

/** One Get of four parameters after the other, from the question to the decoded answer. */
export async function measureRoundTrips(link: OpenController, device: string, gets: number): Promise<RoundTrips> {
  const times: number[] = [];
  let unanswered = 0;
  for (let get = -WARM; get < gets; get += 1) {
    const began = performance.now();
    const reply = await link.ask(device, { get: { paramPaths: PATHS, maxDepth: 0 } });
    const took = performance.now() - began;
    const results = reply.is === 'response' ? reply.response.getResp?.reqPathResults : undefined;
    const whole = results?.length === PATHS.length && results.every(({ errCode }) => errCode === 0);
    if (get >= 0 && whole) times.push(took);
    if (get >= 0 && !whole) unanswered += 1;
    await pause(Math.max(0, APART - took));
  }
  const sorted = times.toSorted((one, other) => one - other);
  const at = (share: number): number => rounded(sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN);
  return { gets, unanswered, p50Ms: at(0.5), p99Ms: at(0.99), worstMs: at(1) };
}

const rounded = (value: number): number => Math.round(value * 100) / 100;
