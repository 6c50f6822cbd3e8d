import { Fault } from '../../agent/model/fault.ts';
import { nftFault } from '../net/complaint.ts';
import type { Commands } from '../wires/commands.ts';

/**
 * SIP past the dead relay, straight through the kernel (V-1, Q-3): one set decides it (agent/plans/nft-plan.ts). What was
 * relayed had no conntrack zone, what goes straight has its link's: no flow of before is in the way, none is flushed.
 * @throws Fault when the redirect could not be removed.
 */
export async function openStraightPath(commands: Commands): Promise<void> {
  const { status, stderr } = await commands.run('nft', ['flush', 'set', 'inet', 'relais', 'relayed']);
  if (status !== 0) throw nftFault(stderr) ?? new Fault('network.refused', { program: 'nft', error: stderr.trim() });
}
