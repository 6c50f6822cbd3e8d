import { z } from 'zod';

/** A value of a contract and the article that it comes from. */
export const cited = <T extends z.ZodType>(value: T) => z.strictObject({ value, article: z.string().min(1) });
