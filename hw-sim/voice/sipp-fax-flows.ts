import { answered, type Dialing, inDialog, sipUri } from './sipp-flows.ts';
import { answerInDialog, request, response, type SippStep } from './sipp-scenario.ts';

/** A gateway that is called, hears a fax machine, and asks for T.38 itself; it is hung up. */
export const asksForFax = (number: string): readonly SippStep[] => [
  { recv: 'INVITE', begins: true, where: { From: '.*' } },
  { send: response('180 Ringing') },
  { send: response('200 OK', 'offer'), repeats: true },
  { recv: 'ACK' },
  { pause: 500 },
  { send: reInvite(number), repeats: true },
  { recv: 100, optional: true },
  { recv: 200 },
  { send: reInvite(number).replace('INVITE', 'ACK').replace('2 INVITE', '2 ACK').replace('-turn', '-ack') },
  { recv: 'BYE' },
  { send: answerInDialog('200 OK') },
];

/** In the dialog of a call that came: who called is in the From that was kept. */
function reInvite(number: string): string {
  const speech = { uri: '[next_url]', from: `<${sipUri(number)}>`.replace(':5060', ''), to: 'KEPT', sequence: 2 };
  return request('INVITE', { ...speech, headers: ['[routes]'], branch: 'turn', body: 'fax' }).replace(
    'To: KEPT',
    'To:[$1]',
  );
}

/** Takes T.38 in the first INVITE; it is hung up. */
export const takesFax: readonly SippStep[] = [
  { recv: 'INVITE' },
  { send: response('200 OK', 'fax'), repeats: true },
  { recv: 'ACK' },
  { recv: 'BYE' },
  { send: answerInDialog('200 OK') },
];

/** Calls with audio, is asked for T.38 and answers so; then hangs up. */
export function turnsWhenAsked(dialing: Dialing, answer: '200 OK' | '488 Not Acceptable Here'): readonly SippStep[] {
  const { steps, said } = answered(dialing);
  return [
    ...steps,
    { recv: 'INVITE' },
    { send: answerInDialog(answer, answer === '200 OK' ? 'fax' : undefined), repeats: true },
    { recv: 'ACK' },
    { pause: dialing.talkMs },
    { send: inDialog('BYE', said, 'bye', said.sequence + 1), repeats: true },
    { recv: 200 },
  ];
}
