import { z } from 'zod';

/** What the lamps of a box say, in the order in which they stand on its front (G-2, M-3). */
export const LAMPS = ['box', 'access', 'alarm'] as const;
export type LampName = (typeof LAMPS)[number];

/** How a lamp shows what it says; a field engineer tells slow from fast without a watch. */
export const SHOWN = ['off', 'on', 'slow', 'fast'] as const;
export type Shown = (typeof SHOWN)[number];
/** How long what blinks is on, and then off (ms). */
export const BLINK_HALF = { slow: 1_000, fast: 200 } as const;
export const LampStatesSchema = z.strictObject({ box: z.enum(SHOWN), access: z.enum(SHOWN), alarm: z.enum(SHOWN) });
export type LampStates = Readonly<z.infer<typeof LampStatesSchema>>;

/** Entries below /sys/class/leds: one name, no path. */
const ledName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9:_.-]{0,62}$/, 'the name of an entry below /sys/class/leds');
const device = z
  .string()
  .regex(/^\/[A-Za-z0-9][A-Za-z0-9/_.-]{0,120}$/, 'the whole path of a device such as /dev/ttyS1');

/** M-4: one board that the project certifies, as data. Each value with the public source that it was read in. */
export const BoardSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{1,40}$/, 'lower-case letters, digits and dashes, as the file is called'),
  label: z.string().min(1).max(80),
  /** Where the values come from: kernel source, device tree, manual. */
  source: z.string().min(1).max(300),
  lamps: z.partialRecord(z.enum(LAMPS), ledName).default({}),
  /** The reset button: the name of the input device, and the key code that it sends (linux/input-event-codes.h). */
  button: z.strictObject({ input: z.string().min(1).max(80), code: z.int().min(1).max(767) }).optional(),
  /** Serial ports of the board, and what they are for. */
  serial: z
    .strictObject({ console: device.optional(), spare: z.array(device).max(8).default([]) })
    .default({ spare: [] }),
  watchdog: device.optional(),
});
export type Board = z.infer<typeof BoardSchema>;

const unit = z.int().min(1).max(247);

/** Where a Modbus device is: on the network, or on a serial line of the box. */
export const MODBUS_PLACE = {
  host: z.string().min(1).optional(),
  port: z.int().min(1).max(65_535).default(502),
  /** A serial line with its speed, in the place of host and port. */
  path: device.optional(),
  baudRate: z.int().min(300).max(1_000_000).default(9_600),
  unit,
} as const;

/** Either is named, and not both. */
export const hasOnePlace = ({
  host,
  path,
}: {
  readonly host?: string | undefined;
  readonly path?: string | undefined;
}): boolean => (host === undefined) !== (path === undefined);
export const ONE_PLACE = 'name host (and port) for Modbus TCP, or path (and baudRate) for Modbus RTU';
export const ModbusPlaceSchema = z
  .strictObject(MODBUS_PLACE)
  .refine(hasOnePlace, { path: ['host'], message: ONE_PLACE });
export type ModbusPlace = z.infer<typeof ModbusPlaceSchema>;

export const LampCoilsSchema = z.partialRecord(z.enum(LAMPS), z.int().min(0).max(65_535));
export type LampCoils = z.infer<typeof LampCoilsSchema>;
