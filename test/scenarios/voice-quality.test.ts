import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { CallQuality } from '../../agent/model/record.ts';
import { MAIN } from '../hw-sim/kernel/site-process.ts';

type Side = { readonly sent: number; readonly received: number; readonly lost: number };
type Told = { readonly recorded: CallQuality | null; readonly phone: Side; readonly peer: Side };

/** Share of what was sent to it that a side missed, in ten thousandths, by its own sequence numbers. */
const missed = ({ received, lost }: Side): number => (10_000 * lost) / (received + lost);

describe('SIP quality: a call over an access line that loses 3 % up and 10 % down, on a real kernel', () => {
  it('is recorded with what both sides reported, what the kernel counted, and the delay of the line', {
    timeout: 120_000,
  }, async () => {
    const words = ['voice-quality', '--up', '0.03', '--down', '0.1', '--seconds', '20'];
    const child = spawn(process.execPath, [MAIN, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
    const said: string[] = [];
    child.stdout.setEncoding('utf8').on('data', (text: string) => said.push(text));
    const [status] = await once(child, 'exit');
    expect(status).toBe(0);
    const { recorded, phone, peer }: Told = JSON.parse(said.join(''));
    if (recorded === null) throw new Error('nothing was recorded');
    const { sent, heard } = recorded;
    // One report a second, of which some are lost like everything else.
    expect(sent.rtcp?.reports).toBeGreaterThan(12);
    expect(heard.rtcp?.reports).toBeGreaterThan(12);
    expect(Math.abs((sent.rtcp?.lossPermyriad ?? 1e4) - missed(peer))).toBeLessThan(100);
    expect(Math.abs((heard.rtcp?.lossPermyriad ?? 1e4) - missed(phone))).toBeLessThan(150);
    // Before the box there is only the cable of the site upwards, and the whole line downwards.
    expect(sent.counters?.lossPermyriad).toBeLessThan(100);
    // The kernel's count knows no sequence numbers: half a second of a stream that began late looks like 250 of loss.
    expect(Math.abs((heard.counters?.lossPermyriad ?? 1e4) - missed(phone))).toBeLessThan(400);
    expect(sent.counters?.packets).toBeGreaterThan(900);
    expect(heard.counters?.octets).toBe((heard.counters?.packets ?? 0) * 200);
    // The line takes 12 ms each way; less than that no clock can say.
    expect(recorded.networkRoundTripMicros).toBeGreaterThan(23_000);
    expect(recorded.phoneRoundTripMicros).toBeLessThan(recorded.networkRoundTripMicros ?? 0);
    // R of G.711 loses about 10 at 3 % and 27 at 10 %.
    expect(sent.mosHundredths).toBeGreaterThan(heard.mosHundredths ?? 500);
    expect(heard.mosHundredths).toBeGreaterThan(220);
    expect([sent.mosFrom, heard.mosFrom]).toEqual(['rtcp', 'rtcp']);
  });
});
