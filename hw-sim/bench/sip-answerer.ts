/**
 * The operator's SIP server of the bench: answers every request at once. On its channel: `take` tells the delays that it
 * measured since the last time.
 *
 *   node sip-answerer.js ADDRESS PORT
 */
import { createSocket } from 'node:dgram';
import { ageOf, delaysOf, nowMicros, STAMP } from './sip/delays.ts';

const [address = '', port = ''] = process.argv.slice(2);
const COPIED = /^(?:via|from|call-id|cseq):.*$/gim;
const SDP = `v=0\r\no=- 1 1 IN IP4 ${address}\r\ns=-\r\nc=IN IP4 ${address}\r\nt=0 0\r\nm=audio 30000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n`;

let ages: number[] = [];
const socket = createSocket({ type: 'udp4', recvBufferSize: 4_194_304 });
socket.on('message', (bytes, from) => {
  const request = bytes.toString('latin1');
  const age = ageOf(request);
  if (age !== undefined) ages.push(age);
  if (request.startsWith('ACK')) return;
  socket.send(answerTo(request), from.port, from.address);
});
socket.bind(Number(port), address, () => process.send?.('ready'));

function answerTo(request: string): Buffer {
  const to = /^to: (.*)$/im.exec(request)?.[1] ?? '';
  const invite = request.startsWith('INVITE');
  const head = [
    'SIP/2.0 200 OK',
    ...(request.match(COPIED) ?? []),
    `To: ${to}${to.includes(';tag=') ? '' : ';tag=far'}`,
    `Contact: <sip:${address}:${port}>`,
    `${STAMP}: ${nowMicros()}`,
    ...(invite ? ['Content-Type: application/sdp'] : []),
    `Content-Length: ${invite ? SDP.length : 0}`,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${invite ? SDP : ''}`, 'latin1');
}

process.on('message', (word) => {
  if (word !== 'take') return;
  process.send?.({ delays: delaysOf(ages) });
  ages = [];
});
