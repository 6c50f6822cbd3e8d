/** The watchdog timer of the hardware (Linux, Documentation/watchdog/watchdog-api.rst): it runs from its opening on. */
export interface WatchdogLine {
  /** Begins its time anew. */
  pet(): void;
  /** Magic close: `V`, then closed. The timer stops, unless the kernel was told that nobody may stop it (nowayout). */
  leave(): void;
}
