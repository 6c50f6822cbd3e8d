import { never } from '../../model/never.ts';
import type { SimPlace, SwapOutcome } from '../../model/sim-swap.ts';
import type { Progress, Refusal } from './step.ts';

/** A step in one line for a field engineer; a refusal says what to do. */
export function swapWords(news: Progress): string {
  switch (news.step) {
    case 'refused':
      return `refused: ${SWAP_REMEDIES[news.why]}`;
    case 'preparing':
      return 'reading modem and card';
    case 'announcing':
      return 'writing down what is about to be done';
    case 'downloading':
      return 'downloading the profile; the line stays on the old card meanwhile';
    case 'barring':
      return 'taking the line out of service';
    case 'reopening':
      return 'taking the line back into service';
    case 'switching':
      return `${news.back ? 'going back' : 'switching'} to ${placeWords(news.to)}${news.attempt > 1 ? `, in form ${news.attempt}` : ''}`;
    case 'card-refused':
      return `the card did not do it: ${news.why}`;
    case 'settling':
      return news.rung === 'wait'
        ? 'waiting for the modem to read the card'
        : `the modem shows another card: ${news.rung === 'restart' ? 'restarting it' : 'radio off and on'}`;
    case 'verifying':
      return 'looking whether the network takes the card and traffic passes';
    case 'unlocking':
      return 'switching the PIN lock of the present card off, for the way back';
    case 'fitting':
      return `the modem works with the configuration ${news.carrier}: having it choose by the card, and starting it anew`;
    case 'turning':
      return `giving up: ${news.why}; looking for the old card`;
    case 'waiting-for-budget':
      return `the operations of this day are spent: going on in ${Math.ceil(news.until / 60_000)} minutes`;
    case 'recovering':
      return `the box was restarted while it was ${news.from}: finishing or undoing`;
    case 'foreign-card':
      return `the modem uses card ${news.iccid}, which is not the one that the line was left on`;
    case 'ended':
      return `${OUTCOMES[news.outcome]}${news.why === undefined ? '' : `: ${news.why}`}`;
    default:
      return never(news);
  }
}

const placeWords = (place: SimPlace): string =>
  place.by === 'slot'
    ? `the card in slot ${place.slot}`
    : `profile ${place.iccid}${place.slot === undefined ? '' : `, first to slot ${place.slot}`}`;

const OUTCOMES: Readonly<Record<SwapOutcome, string>> = {
  swapped: 'done: the line lives on the new card, registered and carrying traffic',
  returned: 'the line is back on the old card, registered and carrying traffic',
  unproven: 'the old card is back, but carries no traffic now: look at the network with "relais sim info"',
  unchanged: 'nothing was changed',
  interrupted: 'broken off, and the old card is in use: order it again if it is still wanted',
  barred: 'the line is out of service',
  reopened: 'the line is back in service',
  stranded: 'neither card could be brought back into use: somebody has to go there with a card that works',
};

/** What to do about a refusal. Nothing was changed. */
export const SWAP_REMEDIES: Readonly<Record<Refusal, string>> = {
  busy: 'another change of the card is under way: wait for its end',
  'settled-before': 'this very order was carried out before: give a new one another name',
  journal: 'the journal cannot be written: make room in the state directory',
  record: 'the record has no room, or too many reports wait for it: make room, start the agent, try again',
  'modem-silent': 'the modem does not answer: check the path, and that nothing else has it open',
  'no-slots': 'this modem has one card holder, or does not tell which is in use: put the new card into it by hand',
  'no-euicc':
    'the card in use is no eUICC, or the modem hides it: where another holder has one, name it too: --slot with --profile',
  'not-on-card': 'no such profile on this eUICC: see "relais sim list", or download it first',
  'in-use': 'the line is on this card already',
  'stays-enabled': "a rule of the present profile's operator forbids to disable it: ask that operator",
  'origin-asks-pin':
    'the present card asks for its PIN at each start, so the way back would wait for it: "relais sim pin unlock" first, or order with --old-pin',
  'barred-card': 'this card was reported lost or stolen: name another one',
  'no-target': 'no card was named: --slot 1|2, --profile ICCID, or both',
  budget: 'too many operations of slot and radio today, and flash wears: try again tomorrow (UTC)',
};
