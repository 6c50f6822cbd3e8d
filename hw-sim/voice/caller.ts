import { type Call, type CallRoom, type Order, openStream, sayGoodbye } from './call.ts';
import { cancelOf, confirmed, outgoingDialog, requestIn } from './dialog.ts';
import { readSdp, type SipMessage, statusOf, withBody, writeSdp } from './sip-text.ts';

/** Places a call and answers its Call-ID; what becomes of it is announced. */
export async function caller(room: CallRoom, order: Order): Promise<string> {
  const { local, host } = room.options;
  const stream = await openStream(room);
  const dialog = outgoingDialog({ ...order, host, local });
  const offer = writeSdp({ address: local.address, port: stream.port });
  const invite = withBody(requestIn(dialog, 'INVITE', local), dialog.contact, offer);
  let progress = false;
  let givenUp = false;
  const call: Call = {
    dialog,
    stream,
    number: room.options.symmetric ? order.to : order.from,
    role: 'calling',
    answered: false,
    heard: () => undefined,
    hangUp: () => {
      if (call.answered) return sayGoodbye(room, call);
      givenUp = true;
      if (progress) cancel();
    },
  };
  // A CANCEL before any response could overtake its INVITE (RFC 3261 9.1).
  const cancel = () => room.transport.request(cancelOf(invite), call.dialog.destination, () => undefined);
  room.calls.set(dialog.id, call);
  room.transport.request(invite, order.destination, (response) => {
    if (!response) return room.end(call, 'network', 408);
    const status = statusOf(response);
    if (status < 200) {
      if (status > 100) room.options.announce({ on: 'ringing', call: dialog.id, status });
      if (!progress && givenUp) cancel();
      progress = true;
      return;
    }
    if (status >= 300) return room.end(call, givenUp ? 'us' : 'network', status);
    onAnswer(room, call, response);
    if (givenUp) sayGoodbye(room, call);
  });
  return dialog.id;
}

function onAnswer(room: CallRoom, call: Call, response: SipMessage): void {
  const dialog = confirmed(call.dialog, response);
  room.transport.send(requestIn(dialog, 'ACK', room.options.local), dialog.destination);
  if (call.answered || !room.calls.has(dialog.id)) return;
  call.dialog = dialog;
  call.answered = true;
  const media = readSdp(response.body);
  if (media) call.stream.start(media);
  room.options.announce({ on: 'answered', call: dialog.id });
}
