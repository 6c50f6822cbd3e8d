import { millis } from '../../../agent/model/units.ts';
import { stepChannel } from '../../../firmware-ts/devices/at/channel-machine.ts';
import type { ChannelEvent, ChannelState } from '../../../firmware-ts/devices/at/channel-state.ts';
import { type Dice, roll } from './dice.ts';
import { READY } from './play-stream.ts';
import { TEMPLATES } from './stream-words.ts';

/** Bytes that no modem says, in the letters that modems use: nothing may hang or throw. */
export function playNoise(dice: Dice): boolean {
  let state: ChannelState = READY;
  let [ended, waits] = [0, false];
  const feed = (event: ChannelEvent) => {
    const [after, effects] = stepChannel(state, event);
    state = after;
    for (const effect of effects) {
      if (effect.do === 'end' && effect.id !== 0) ended += 1;
      if (effect.do === 'wait') waits = true;
      if (effect.do === 'forget') waits = false;
    }
  };
  const template = TEMPLATES[roll(dice, TEMPLATES.length)];
  if (template !== undefined) feed({ on: 'asked', question: { ...template, id: 1, patience: millis(1) } });
  let text = '';
  for (let length = roll(dice, 40); length > 0; length -= 1) text += LETTERS[roll(dice, LETTERS.length)] ?? '';
  feed({ on: 'heard', text });
  for (let turns = 0; turns < 12 && ended === 0 && waits; turns += 1) feed({ on: 'deadline' });
  return ended === 1;
}

const LETTERS = [
  '\r',
  '\n',
  '\r\n',
  '>',
  ' ',
  '+',
  ':',
  'OK',
  'ERROR',
  '+CME ERROR: 1',
  '+CPIN: ',
  '+CREG: 1',
  '+CMT: ,1',
  '00',
  'AT',
  '\0',
  '\x1a',
  '\x1b',
  '"',
  ',',
  '1',
  'RDY',
  '\xff',
  'RING',
];
