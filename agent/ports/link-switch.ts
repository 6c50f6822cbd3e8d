/** One access link down and up again, as somebody who pulls its cable (G-2, M-3). */
export interface LinkSwitch {
  restart(link: string, done: (error: Error | undefined) => void): void;
}
