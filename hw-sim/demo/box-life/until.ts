import { setTimeout as pause } from 'node:timers/promises';

const TRIES = 150;
const REST_MS = 200;

/** Asks again until it holds; false when it does not come true in half a minute or more. */
export async function until(holds: () => Promise<boolean>): Promise<boolean> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (await holds()) return true;
    await pause(REST_MS);
  }
  return false;
}
