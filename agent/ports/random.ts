/** Chance, drawn by somebody else. */
export interface Random {
  /** `count` random bytes in lower-case hex. */
  hex(count: number): string;
  /** Uniform in [0, 1). */
  fraction(): number;
}
