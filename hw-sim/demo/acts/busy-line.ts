import { type Facts, inWords } from '../facts.ts';
import { dial, listen, type Play, rest } from './act.ts';

/** A call on a quiet line, then with uploads and downloads that would fill it. */
export async function busyLine(play: Play): Promise<Pick<Facts, 'quiet' | 'loaded' | 'bulkKbps'>> {
  const { stage, screen } = play;
  if (!(await dial(play, '0199000001'))) throw new Error('the first call was not answered');
  screen.say('the phone calls 01 99 00 00 01; answered, G.711 both ways, media never enter user space');
  await rest(play, 4_000);
  const quiet = await listen(play, 3_000 * play.pace);
  screen.say(`quiet line, heard by the phone:   ${inWords(quiet.atPhone)}`);
  screen.say(`quiet line, heard by the far end: ${inWords(quiet.atFarEnd)}`);
  const seconds = Math.max(5, Math.round(10 * play.pace));
  screen.say(`an upload and a download saturate the main line for ${seconds} s …`);
  const [up, down] = await Promise.all([stage.bulk('up', seconds), stage.bulk('down', seconds)]);
  const loaded = await listen(play, seconds * 1_000);
  screen.say(`data got ${up.kbps} kbit/s up and ${down.kbps} kbit/s down of 2,000 and 4,000`);
  screen.say(`heard by the phone:   ${inWords(loaded.atPhone)}`);
  screen.say(`heard by the far end: ${inWords(loaded.atFarEnd)}`);
  return { quiet, loaded, bulkKbps: { up: up.kbps, down: down.kbps } };
}
