import type { SwapEvent } from '../machines/swap/step.ts';
import type { EnableForm, SimProfile, SimSight, SwitchEnd } from '../model/sim-sight.ts';
import type { SimPlace } from '../model/sim-swap.ts';
import type { SimModem } from '../ports/sim-modem.ts';
import { enableProfile, getProfiles, type InstalledProfile, type ProfileChange } from '../uicc/es10/profiles.ts';
import type { Heard } from '../uicc/lpa/asked.ts';
import type { DownloadOrder } from '../uicc/lpa/download-state.ts';
import type { DownloadWatch, LocalProfiles } from './local-profiles.ts';

export type SwapHands = {
  readonly modem: SimModem;
  /** Absent where the card in use can be no eUICC. */
  readonly profiles: LocalProfiles | undefined;
  /** What a download may do, and who is asked about it. */
  readonly downloading: DownloadWatch;
};

/** Without the moment, which whoever hears it knows. */
export type Found = DistributiveOmit<SwapEvent, 'now'>;
type DistributiveOmit<T, Key extends PropertyKey> = T extends unknown ? Omit<T, Key> : never;
type Done = (found: Found) => void;

/** What modem, card and eUICC say, in one sight; an eUICC that cannot be asked at the moment is left out of it. */
export function lookAround({ modem, profiles }: SwapHands, done: Done): () => void {
  return modem.look((seen) => {
    if (seen === undefined || profiles === undefined) return done(looked(seen, undefined));
    profiles.ask(getProfiles(), (heard) => done(looked(seen, 'value' in heard ? heard.value : undefined)));
  });
}

const looked = (
  seen: Omit<SimSight, 'profiles'> | undefined,
  profiles: readonly InstalledProfile[] | undefined,
): Found => ({ on: 'looked', seen: seen && { ...seen, profiles: profiles?.map(simProfile) } });

const simProfile = ({ iccid, isEnabled, rules }: InstalledProfile): SimProfile => ({
  iccid,
  isEnabled,
  staysEnabled: rules.noDisabling,
});

/** The card holder, or the profile: never is one disabled, another one is enabled in its place (SGP.22 5.7.16). */
export function changeCard({ modem, profiles }: SwapHands, to: SimPlace, form: EnableForm, done: Done): void {
  const ended = (end: SwitchEnd) => done({ on: 'switched', end });
  // Of a profile in the other holder the holder comes first; the profile is ordered once that one is in use.
  if (to.slot !== undefined) return modem.choose(to.slot, ended);
  if (profiles === undefined) return ended({ so: 'refused', why: 'this card is no eUICC', final: true });
  const enable = (name: { readonly iccid: string } | { readonly aid: string }) =>
    profiles.ask(enableProfile(name, form.refresh), (heard) => ended(endOf(heard)));
  if (form.name === 'iccid') return enable({ iccid: to.iccid });
  profiles.ask(getProfiles(), (heard) => {
    const found = 'value' in heard ? heard.value.find(({ iccid }) => iccid === to.iccid) : undefined;
    if (found === undefined) return ended({ so: 'refused', why: 'the eUICC does not list the profile', final: false });
    enable({ aid: found.aid });
  });
}

/** SGP.22 5.7.16: what an operator's rule forbids is forbidden in every form. */
const FORBIDDEN = 3;

function endOf(heard: Heard<ProfileChange>): SwitchEnd {
  if ('value' in heard) {
    const { value } = heard;
    return value.is === 'done' ? { so: 'done' } : { so: 'refused', why: value.says, final: value.code === FORBIDDEN };
  }
  const { failure } = heard;
  return failure.by === 'card' ? { so: 'refused', why: failure.says, final: false } : { so: 'lost' };
}

/** S-8: a card that nobody is beside must not ask for its PIN again at its next start. */
export function openCard({ modem }: SwapHands, pin: string | undefined, done: Done): void {
  if (pin === undefined) return done({ on: 'opened', opened: false });
  modem.open(pin, (opened) => done({ on: 'opened', opened }));
}

export function downloadProfile(hands: SwapHands, order: DownloadOrder | undefined, done: Done): void {
  const failed = (why: string) => done({ on: 'download-failed', why });
  if (hands.profiles === undefined) return failed('this card is no eUICC');
  // S-8: codes are in no journal.
  if (order === undefined) return failed('the activation code is no longer known: order it again');
  hands.profiles.download(order, hands.downloading, (end) => {
    if (end.is === 'installed') done({ on: 'downloaded', iccid: end.iccid });
    else failed(end.is === 'canceled' ? `canceled: ${end.reason}` : end.failure.says);
  });
}
