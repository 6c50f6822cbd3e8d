export type Outcome = { readonly status: number; readonly stdout: string; readonly stderr: string };

export type SessionListener = {
  readonly line: (text: string) => void;
  /** The interpreter is gone; said once, and nothing is heard afterwards. */
  readonly ended: () => void;
};

/** A running interpreter that reads lines. What it prints and what it complains of arrive in the order it said them. */
export interface Session {
  listen(listener: SessionListener): void;
  say(line: string): void;
  close(): void;
}

/** The commands of the system. @throws Fault 'network.unavailable' when the program is missing or never ends. */
export interface Commands {
  run(program: string, args: readonly string[], stdin?: string): Promise<Outcome>;
  session(program: string, args: readonly string[]): Session;
}
