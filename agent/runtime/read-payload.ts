import type { z } from 'zod';

/** Hands a message on when it is what its schema says; otherwise names the first field that is not. */
export function readPayload<T>(
  schema: z.ZodType<T>,
  payload: string,
  hear: (message: T) => void,
  refuse: (field: string) => void,
): void {
  const json = parseJson(payload);
  if (json === undefined) return refuse('(not JSON)');
  const read = schema.safeParse(json);
  if (read.success) return hear(read.data);
  refuse(read.error.issues[0]?.path.join('.') ?? '');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
