import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const BindingSchema = z.strictObject({
  phone: z.strictObject({ address: z.string(), port: z.int() }),
  server: z.string(),
  port: z.int(),
});
export type Binding = z.infer<typeof BindingSchema>;

/** Which phone speaks to which server through which port of the box. */
export interface PhoneBook {
  all(): readonly Binding[];
  remember(binding: Binding): void;
}

const MOST = 1024;

/** Kept in a file of the state directory; a book that can't be read is begun anew, since phones register again by themselves. */
export function openPhoneBook(file: string, fault: (error: Error) => void): PhoneBook {
  const bindings = new Map(read(file).map((binding) => [keyOf(binding), binding]));
  return {
    all: () => [...bindings.values()],
    remember(binding) {
      const known = bindings.get(keyOf(binding));
      if (known?.port === binding.port) return;
      bindings.delete(keyOf(binding));
      bindings.set(keyOf(binding), binding);
      const [oldest] = bindings.keys();
      if (bindings.size > MOST && oldest !== undefined) bindings.delete(oldest);
      try {
        writeFileSync(`${file}.new`, JSON.stringify([...bindings.values()]));
        renameSync(`${file}.new`, file);
      } catch (error) {
        // A full disk costs the memory of a port; it must not cost the call that wanted to be remembered.
        fault(error instanceof Error ? error : new Error(String(error)));
      }
    },
  };
}

function read(file: string): readonly Binding[] {
  try {
    const found = z.array(BindingSchema).safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return found.data ?? [];
  } catch {
    return [];
  }
}

const keyOf = ({ phone, server }: Binding): string => `${phone.address}:${phone.port} ${server}`;
