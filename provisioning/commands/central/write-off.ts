import { readLent } from '../../central/lent.ts';
import { WriteOffSchema, writeWriteOff } from '../../registry/registry.ts';
import { DONE } from '../command.ts';
import { noStore, refuse, type WithRegistry } from './wish.ts';

/** C-3: the order lies in the registry, where the running service finds it; the same words again change nothing. */
export async function writeOff({ words, values, directory, store, terminal }: WithRegistry): Promise<number> {
  const [device, epoch, ...more] = words;
  const { by, why } = values;
  if (device === undefined || epoch === undefined || more.length > 0)
    return refuse(terminal, 'write-off: name one device and one epoch of it');
  if (by === undefined || why === undefined)
    return refuse(terminal, 'write-off: --by NAME and --why TEXT are kept with it; both must be there');
  const lent = await readLent(store, device, epoch);
  if (lent === undefined) return refuse(terminal, noStore(store));
  if (lent.size === 0) {
    return refuse(terminal, `${device} ${epoch}: nothing was lent to this epoch; see relais central report`);
  }
  const read = WriteOffSchema.safeParse({ id: `${device}-${epoch}-${lent.size}`, device, epoch, by, why });
  if (!read.success) {
    const [issue] = read.error.issues;
    return refuse(terminal, `write-off: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  writeWriteOff(directory, read.data);
  terminal.out(`gave up what epoch ${epoch} of ${device} still holds of ${lent.size} leases, by ${by}: ${why}`);
  return DONE;
}
