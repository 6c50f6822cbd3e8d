import { bytes, der, upper } from './ber.ts';
import { type Command, type Obeyed, withChannel } from './card-command.ts';
import {
  type CardFile,
  type CardImage,
  type CardState,
  type Code,
  FRESH_CHANNEL,
  imageOf,
  type Kept,
} from './card-state.ts';

/** Files and codes of the enabled profile, or of a card without eUICC (ETSI TS 102 221 11.1). */
export function obeyFileCommand(state: CardState, number: number, command: Command): Obeyed {
  const image = imageOf(state.kept);
  if (image === undefined) return { word: '6A82' };
  switch (command.ins) {
    case 0xa4:
      return selectFile(state, number, command, image);
    case 0xb0:
      return read(state, number, image, (file) => binary(file, command));
    case 0xb2:
      return read(state, number, image, (file) => record(file, command));
    case 0xf2:
      return { word: '9000', answer: der('62', der('83', bytes(fileOf(state, number).slice(-4)))) };
    case 0x20:
    case 0x24:
    case 0x26:
    case 0x28:
    case 0x2c:
      return command.p2 === 1 ? obeyCode(state, image, command) : { word: '6A88' };
    default:
      return { word: '6D00' };
  }
}

const fileOf = (state: CardState, number: number): string => (state.live.channels[number] ?? FRESH_CHANNEL).file;

function selectFile(state: CardState, number: number, { p1, data }: Command, image: CardImage): Obeyed {
  const channel = state.live.channels[number] ?? FRESH_CHANNEL;
  const steps = upper(data).match(/.{4}/g) ?? [];
  const folder = channel.file.split('/').filter((step) => /^(3F00|7F..)$/.test(step));
  // From the MF, from the folder where one is, or by identifier: a file of that folder, or a folder of the MF.
  const path = (p1 === 8 || steps[0] === '7FFF' || steps[0] === '3F00' ? ['3F00', ...steps] : [...folder, ...steps])
    .filter((step, at, all) => step !== '3F00' || (at === 0 && all.length > 0))
    .join('/');
  const file = image.files[path];
  const isFolder = Object.keys(image.files).some((known) => known.startsWith(`${path}/`));
  if (file === undefined && !isFolder) return { word: '6A82' };
  const size = file === undefined ? [] : [der('80', bytes((file.content.length / 2).toString(16).padStart(4, '0')))];
  const descriptor = file === undefined ? '7821' : file.recordBytes === undefined ? '4121' : '4221';
  const template = der('62', der('82', bytes(descriptor)), der('83', bytes(path.slice(-4))), ...size);
  return { word: '9000', answer: template, state: withChannel(state, number, { ...channel, file: path }) };
}

function read(state: CardState, number: number, image: CardImage, reads: (file: CardFile) => Obeyed): Obeyed {
  const file = image.files[fileOf(state, number)];
  if (file === undefined) return { word: '6986' };
  if (file.reading === 'pin' && image.asksPin && !state.live.pinGiven) return { word: '6982' };
  return reads(file);
}

function binary({ content, recordBytes }: CardFile, { p1, p2, expects }: Command): Obeyed {
  if (recordBytes !== undefined) return { word: '6981' };
  const from = p1 * 256 + p2;
  const all = Buffer.from(content, 'hex');
  if (from >= all.length) return { word: '6B00' };
  if (expects !== undefined && expects !== 256 && from + expects > all.length)
    return { word: `6C${(all.length - from).toString(16).padStart(2, '0').toUpperCase()}` };
  return { word: '9000', answer: all.subarray(from, from + (expects ?? 256)) };
}

function record({ content, recordBytes }: CardFile, { p1, p2, expects }: Command): Obeyed {
  if (recordBytes === undefined || p2 !== 4) return { word: '6981' };
  const all = Buffer.from(content, 'hex');
  const from = (p1 - 1) * recordBytes;
  if (p1 === 0 || from >= all.length) return { word: '6A83' };
  if (expects !== recordBytes && expects !== 256)
    return { word: `6C${recordBytes.toString(16).padStart(2, '0').toUpperCase()}` };
  return { word: '9000', answer: all.subarray(from, from + recordBytes) };
}

/** ETSI TS 102 221 11.1.9 to 11.1.13. Without a code, the tries that are left are told and none is spent. */
function obeyCode(state: CardState, image: CardImage, { ins, data }: Command): Obeyed {
  const name = ins === 0x2c ? 'puk' : 'pin';
  const code = image[name];
  if (data.length === 0) return { word: name === 'pin' && !image.asksPin ? '9000' : triesWord(code) };
  const parts = ins === 0x20 || ins === 0x26 || ins === 0x28 ? 1 : 2;
  if (data.length !== 8 * parts) return { word: '6700' };
  if (code.tries === 0) return { word: '6983' };
  if (upper(data.subarray(0, 8)) !== code.value) {
    const wrong = { ...code, tries: code.tries - 1 };
    return { word: triesWord(wrong), state: withImage(state, { ...image, [name]: wrong }) };
  }
  const given = { ...state, live: { ...state.live, pinGiven: true } };
  const pin = parts === 2 ? { ...image.pin, value: upper(data.subarray(8)) } : image.pin;
  const renewed = {
    ...image,
    pin: { ...pin, tries: pin.of },
    puk: name === 'puk' ? { ...image.puk, tries: image.puk.of } : image.puk,
    asksPin: ins === 0x26 ? false : ins === 0x28 ? true : image.asksPin,
  };
  return { word: '9000', state: withImage(given, renewed) };
}

const triesWord = ({ tries }: Code): string => (tries === 0 ? '6983' : `63C${tries.toString(16).toUpperCase()}`);

function withImage(state: CardState, image: CardImage): CardState {
  return { ...state, kept: keptWith(state.kept, image) };
}

function keptWith(kept: Kept, image: CardImage): Kept {
  if (kept.euicc === undefined) return { ...kept, image };
  const profiles = kept.euicc.profiles.map((profile) => (profile.isEnabled ? { ...profile, image } : profile));
  return { ...kept, euicc: { ...kept.euicc, profiles } };
}
