/** What a line tells its one listener. `lost` comes once, when the device behind the line is gone. */
export type LineListener = {
  readonly heard: (bytes: Uint8Array) => void;
  readonly lost: () => void;
};

/** Bytes to and from a device, in order, cut anywhere. Nothing else is promised: no lines, no timing, no answer. */
export interface SerialLine {
  /** The newest listener replaces the one before. */
  listen(listener: LineListener): void;
  write(bytes: Uint8Array): void;
  close(): Promise<void>;
}

/** Opens the line anew. @throws Fault 'modem.silent' when the device is not there. */
export type OpenSerialLine = () => Promise<SerialLine>;
