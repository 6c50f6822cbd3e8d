import { z } from 'zod';

/** Three numbers, as in semver.org 2.0.0 without labels: what is not a release has no place on a box. */
export const VersionSchema = z
  .string()
  .regex(/^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$/, 'a version such as 1.4.0');

/** What a release says of itself; the bytes that are signed are the canonical text of this (D-3, signed updates). */
export const ReleaseManifestSchema = z.strictObject({
  format: z.literal(1),
  product: z.literal('relais'),
  version: VersionSchema,
  /** Nothing older is taken any more once this release is confirmed: a signature alone does not bring back an old hole. */
  floor: VersionSchema,
  /** Of the packed files behind the first line of the bundle, in bytes. At most half a gigabyte. */
  size: z.int().min(1).max(536_870_912),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, '64 lower-case hexadecimal digits'),
});
export type ReleaseManifest = z.infer<typeof ReleaseManifestSchema>;

/** The first line of a bundle: the exact bytes that were signed, base64, and an Ed25519 signature (RFC 8032) over them. */
export const SignedReleaseSchema = z.strictObject({
  keyId: z.string().min(1).max(64),
  payload: z.base64().max(8_192),
  signature: z.base64().max(128),
});

/** TR-181 2.19.1, `CheckSumAlgorithm`. */
export const CHECKSUMS = ['SHA-1', 'SHA-224', 'SHA-256', 'SHA-384', 'SHA-512'] as const;
/** Of a file, in lower-case hexadecimal digits. */
export type CheckSum = { readonly algorithm: (typeof CHECKSUMS)[number]; readonly value: string };

export const SLOTS = ['a', 'b'] as const;
export type Slot = (typeof SLOTS)[number];

/** What the box knows of its two slots; written whole, by the supervisor alone. */
export const UpdateBookSchema = z.strictObject({
  /** The release that the box lives on; where `current` leads. */
  confirmed: z.enum(SLOTS),
  floor: VersionSchema,
  /** The other slot is being tried, so many more times. */
  trial: z.strictObject({ slot: z.enum(SLOTS), version: VersionSchema, triesLeft: z.int().min(0).max(9) }).optional(),
  /** The last release that was tried in vain, and why. */
  failed: z.strictObject({ version: VersionSchema, why: z.string().max(200) }).optional(),
});
export type UpdateBook = z.infer<typeof UpdateBookSchema>;

/** What controllers, field engineers and the agent ask of the next start: the other slot, once the site is quiet. */
export const UpdateWishSchema = z.strictObject({ version: VersionSchema, by: z.string().min(1).max(200) });
export type UpdateWish = z.infer<typeof UpdateWishSchema>;

/** -1, 0 or 1: as versions, number by number. */
export function compareVersions(one: string, other: string): number {
  const [left, right] = [one.split('.').map(Number), other.split('.').map(Number)];
  for (const [at, number] of left.entries()) {
    const against = right[at] ?? 0;
    if (number !== against) return number < against ? -1 : 1;
  }
  return 0;
}
