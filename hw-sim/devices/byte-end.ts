/** The device's end of a cable: it hears what the box writes, and what it says arrives at the box. */
export type ByteEnd = {
  readonly hear: (listener: (bytes: Uint8Array) => void) => void;
  readonly say: (bytes: Uint8Array) => void;
};
