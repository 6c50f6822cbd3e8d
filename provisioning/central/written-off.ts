import type { Credit } from '../../agent/rating/credit/credit.ts';
import type { WriteOffOrder } from '../registry/registry.ts';

/** The credit of a lost epoch that was freed without its word (C-3), and the size of its stream at that moment. */
export type WriteOff = WriteOffOrder &
  Credit & {
    readonly account: string;
    readonly cycle: number;
    readonly size: number;
    readonly leases: readonly string[];
  };
