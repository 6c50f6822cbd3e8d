import type { z } from 'zod';
import { DeckSchema } from '../../agent/model/deck.ts';
import { Fault } from '../../agent/model/fault.ts';
import { NumberingSchema } from '../../agent/model/numbering.ts';
import { RegimeSchema } from '../../agent/model/regime.ts';
import { type SiteConfig, SiteConfigSchema } from '../../agent/model/site-config.ts';
import { readChecked, readJson } from '../json-file.ts';

const OwnSchema = SiteConfigSchema.omit({ regime: true, tariff: true, numbering: true });

/**
 * Reads site configurations so that those with the same regime, price list and numbering table share them: all but one
 * kilobyte of a configuration is the same in every site of an operator, and it is checked and held once.
 */
export function createConfigReader(): (path: string) => SiteConfig {
  const regime = createShelf(RegimeSchema);
  const tariff = createShelf(DeckSchema);
  const numbering = createShelf(NumberingSchema);
  return (path) => {
    const value = readJson(path);
    if (!isObject(value)) throw new Fault('config.refused', { path, fields: ['no JSON object'] });
    const { regime: r, tariff: t, numbering: n, ...rest } = value;
    const own = OwnSchema.safeParse(rest);
    const shared = { regime: regime(r), tariff: tariff(t), numbering: numbering(n) };
    // What is wrong is said by the whole schema, with every field.
    if (!own.success || !shared.regime || !shared.tariff || !shared.numbering) {
      return readChecked(path, SiteConfigSchema);
    }
    return { ...own.data, regime: shared.regime, tariff: shared.tariff, numbering: shared.numbering };
  };
}

/** The same text gives the same object. */
function createShelf<T extends z.ZodType>(schema: T): (value: unknown) => z.output<T> | undefined {
  const known = new Map<string, z.output<T>>();
  return (value) => {
    const text = JSON.stringify(value) ?? '';
    const held = known.get(text);
    if (held !== undefined) return held;
    const read = schema.safeParse(value);
    if (read.success) known.set(text, read.data);
    return read.data;
  };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
