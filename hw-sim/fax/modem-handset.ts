import { ended, later, type ModemWorks, sayLine } from './modem-works.ts';

const DLE = 0x10;

/** Voice class with its pair fed by the modem (V.253 +FCLASS=8, +VLS=2): the machine at the pair is told of by DLE and a code. */
export function tellOfHandset(works: ModemWorks, code: string): void {
  if (works.watchesPair) works.cable.say(Uint8Array.of(DLE, code.charCodeAt(0)));
}

/** +FCLASS, +VLS and +VTS; answers false to any other command. */
export function obeyVoice(works: ModemWorks, line: string): boolean {
  const [, name = '', value = ''] = /^AT\+(FCLASS|VLS|VTS)=(.*)$/i.exec(line) ?? [];
  switch (name.toUpperCase()) {
    case 'FCLASS':
      works.voiceClass = value === '8' && works.faults.voice;
      works.watchesPair = false;
      sayLine(works, value === '8' && !works.faults.voice ? 'ERROR' : 'OK');
      return true;
    case 'VLS':
      works.watchesPair = works.voiceClass && value === '2';
      sayLine(works, works.voiceClass ? 'OK' : 'ERROR');
      return true;
    case 'VTS':
      sound(works, value);
      return true;
    default:
      return false;
  }
}

/** Frequencies in Hz and hundredths of a second, in brackets, one after the other; a tone without a frequency is silence. */
function sound(works: ModemWorks, tones: string): void {
  const beats = [...tones.matchAll(/\[(\d*),\d*,(\d+)\]/g)];
  if (!works.voiceClass || beats.length === 0) return sayLine(works, 'ERROR');
  works.mode = { at: 'busy' };
  works.machine.hears?.(tones);
  later(
    works,
    beats.reduce((sum, [, , hundredths]) => sum + 10 * Number(hundredths), 0),
    () => ended(works, 'OK'),
  );
}
