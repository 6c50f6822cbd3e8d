import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createPageBatches } from '../../../firmware-ts/wires/node/page-batches.ts';

it('X-1: every octet of a page passes once and in order, however it was cut, in fewer pieces, and none stays behind a flush', () => {
  const piece = fc.tuple(fc.uint8Array({ maxLength: 300 }), fc.boolean());
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const passed: Uint8Array[] = [];
      const page = createPageBatches((octets) => void passed.push(octets));
      for (const [octets, flushed] of pieces) {
        const before = passed.length;
        page.add(octets);
        if (octets.length >= 180) expect(passed.length).toBe(before + 1);
        if (flushed) page.flush();
      }
      page.flush();
      expect(passed.flatMap((octets) => [...octets])).toEqual(pieces.flatMap(([octets]) => [...octets]));
      expect(passed.every(({ length }) => length > 0)).toBe(true);
    }),
    { seed: 6, numRuns: 200 },
  );
});

it('X-1: what is too little for a batch passes all the same, for a page may end or its sender be slow', async () => {
  const octets = await new Promise<Uint8Array>((passed) => {
    const page = createPageBatches(passed);
    page.add(Uint8Array.of(1));
    page.add(Uint8Array.of(2));
  });
  expect([...octets]).toEqual([1, 2]);
});
