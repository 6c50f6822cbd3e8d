import type { ApduChannel } from '../../agent/ports/apdu-channel.ts';
import type { Card } from './card.ts';

/** The card behind a modem that keeps logical channels, without the modem: what +CCHO, +CGLA and +CCHC come to. */
export const channelToCard = (card: Pick<Card, 'transmit'>): ApduChannel => ({
  open(application, done) {
    const opened = card.transmit('0070000001');
    if (!opened.endsWith('9000')) return done('refused');
    const channel = Number.parseInt(opened.slice(0, 2), 16);
    const length = (application.length / 2).toString(16).padStart(2, '0');
    const selected = card.transmit(onChannel(`00A40400${length}${application}`, channel));
    if (/^(?:..)*(?:9000|61..)$/.test(selected)) return done(channel);
    card.transmit(`007080${channel.toString(16).padStart(2, '0')}`);
    done(selected.endsWith('6A82') ? 'no-application' : 'refused');
  },
  send: (channel, command, done) => done(card.transmit(onChannel(command, channel))),
  close(channel, done) {
    card.transmit(`007080${channel.toString(16).padStart(2, '0')}`);
    done();
  },
});

/** Channels 1 to 3: the two low bits of the class byte (ETSI TS 102 221 10.1.1). */
export const onChannel = (command: string, channel: number): string =>
  `${((Number.parseInt(command.slice(0, 2), 16) & 0xfc) | channel).toString(16).padStart(2, '0')}${command.slice(2)}`;
