import { z } from 'zod';

/** Where a value comes from: the article, and its decisive words where the article is long. */
export const CitationSchema = z
  .string()
  .regex(/\S/, 'name the article that the value comes from, such as "Internet 2.1.4"')
  .max(600);

/** A value of a contract and the article it comes from. The descriptions are what `regime show` and an editor say of it. */
export const cited = <T extends z.ZodType>(value: T, en: string, fr: string) =>
  z.strictObject({ value, article: CitationSchema }).meta({ description: en, fr });
