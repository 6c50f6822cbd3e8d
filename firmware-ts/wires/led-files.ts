/** Attributes of one lamp below /sys/class/leds (Linux, Documentation/leds/leds-class.rst). */
export interface LedFiles {
  /** @throws Fault 'lamp.refused' when the lamp is not there, or may not be written. */
  write(led: string, attribute: 'trigger' | 'brightness' | 'delay_on' | 'delay_off', value: string): Promise<void>;
}
