import { open, rename } from 'node:fs/promises';

/** Replaces a file whole: the text is written beside it, flushed, and takes its name. The name itself is not flushed. */
export async function replaceFile(file: string, text: string): Promise<void> {
  const handle = await open(`${file}.new`, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
}
