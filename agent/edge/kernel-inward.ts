import { isFault } from '../model/fault.ts';
import type { DataPlane } from '../plans/data-plane.ts';
import { INWARD_TABLE, inwardOf, inwardPlan } from '../plans/inward-plan.ts';
import type { KernelTools } from './kernel-tools.ts';

/** In one transaction: a link whose packets are led to a device that is gone would be dead. */
const AWAY = `add table ${INWARD_TABLE}\ndelete table ${INWARD_TABLE}\n`;

/**
 * Leads what comes in by the links to queues of ours, or leads it there no more. Answers whether it is led: a kernel that
 * refuses is told as a fault, and the box goes on without.
 */
export async function leadInward(
  plane: DataPlane,
  { nft, ip }: Pick<KernelTools, 'nft' | 'ip'>,
  wanted: boolean,
  fault: (error: Error) => void,
): Promise<boolean> {
  if (wanted) {
    try {
      await ip.inward(plane.links.map(inwardOf));
      await nft.change(`${AWAY}${inwardPlan(plane)}`);
      return true;
    } catch (error) {
      if (!isFault(error)) throw error;
      fault(error);
    }
  }
  // A kernel that can't do it has nothing to be taken away.
  await nft.change(AWAY).then(
    () => ip.inward([]),
    () => undefined,
  );
  return false;
}
