import { z } from 'zod';
import { canonical } from './canonical.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * What stays in the place of a record whose personal data were erased (U-4): SHA-256 of its bytes, by which the next
 * record names it, and its Merkle leaf, SHA-256 of 0x00 and its bytes (RFC 6962 2.1). Its salt went with it.
 */
const ErasedSchema = z.strictObject({ erased: z.strictObject({ hash, leaf: hash }) });

const BEGINS = '{"erased":';

/** The body that takes the place of `body`, itself when it did so before; `sha256` answers hex of the UTF-8 bytes. */
export const eraseBody = (body: string, sha256: (text: string) => string): string =>
  erasedHash(body) === undefined ? canonical({ erased: { hash: sha256(body), leaf: sha256(`\0${body}`) } }) : body;

/** The hash that an erased body stands for; nothing where a record stands, or where nothing sound stands. */
export const erasedHash = (body: string): string | undefined => readErased(body)?.hash;

/** The Merkle leaf that an erased body stands for, hex; nothing where a record stands, or where nothing sound stands. */
export const erasedLeaf = (body: string): string | undefined => readErased(body)?.leaf;

function readErased(body: string): z.infer<typeof ErasedSchema>['erased'] | undefined {
  // No record begins so: the first key of its canonical form is `clock`.
  if (!body.startsWith(BEGINS)) return undefined;
  try {
    return ErasedSchema.safeParse(JSON.parse(body)).data?.erased;
  } catch {
    return undefined;
  }
}
