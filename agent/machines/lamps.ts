import type { LampStates } from '../model/board.ts';

/** What the lamps of a box are made of. */
export type LampView = {
  readonly links: readonly { readonly name: string; readonly answers: boolean | undefined }[];
  /** The link that carries voice, and the one that should. */
  readonly voice: string;
  readonly main: string;
  /** The broker has taken the box in. */
  readonly joined: boolean;
  readonly recording: boolean;
  readonly mains: boolean;
  readonly low: boolean;
  readonly warm: boolean;
};

/**
 * The three lamps, for who stands before the box with a telephone (G-2, M-3):
 *
 * | lamp   | off              | on                  | slow                   | fast                         |
 * |--------|------------------|---------------------|------------------------|------------------------------|
 * | box    | no agent         | works, and is seen  | works, nobody sees it  |                              |
 * | access | no link answers  | every link answers  | a link is missing      | voice is on the second link  |
 * | alarm  | nothing          | nothing is recorded | on battery, or warm    | the battery is nearly empty  |
 */
export function lampsOf({ links, voice, main, joined, recording, mains, low, warm }: LampView): LampStates {
  // A link that is not probed yet is no link that is missing.
  const down = links.filter(({ answers }) => answers === false).length;
  const access = down === links.length ? 'off' : voice !== main ? 'fast' : down > 0 ? 'slow' : 'on';
  const alarm = low ? 'fast' : !recording ? 'on' : !mains || warm ? 'slow' : 'off';
  return { box: joined ? 'on' : 'slow', access, alarm };
}
