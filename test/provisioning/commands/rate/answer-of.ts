import type { Case } from '../../../../provisioning/commands/rate/case.ts';
import { shippedContract } from '../../regimes/shipped.ts';

/** What a case answers, with the shipped regimes at hand. */
export const answerOf = (one: Case, input: unknown): unknown => one.answer(input, (id) => shippedContract(id).regime);
