import { createRequire } from 'node:module';

/**
 * The library keeps 65,536 small buffers ready, eight megabytes in a process that sends a few packets a second. Called
 * before the first connection. Nothing happens where another version of it has no such cache.
 */
export function leanMqtt(): void {
  const ours = createRequire(import.meta.url);
  const packets: unknown = createRequire(ours.resolve('mqtt'))('mqtt-packet');
  const write: unknown = property(packets, 'writeToStream');
  if (typeof write === 'function' && property(write, 'cacheNumbers') === true)
    Object.assign(write, { cacheNumbers: false });
}

const property = (of: unknown, name: string): unknown =>
  (typeof of === 'object' && of !== null) || typeof of === 'function' ? Reflect.get(of, name) : undefined;
