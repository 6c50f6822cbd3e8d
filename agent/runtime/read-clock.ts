import type { ClockBlock } from '../model/record.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';

/** Both clocks, the boot and how far the wall clock can be trusted, in whole milliseconds. */
export const readClock = ({ clock, boot }: Pick<AgentPorts, 'clock' | 'boot'>): ClockBlock => ({
  wall: Math.floor(clock.wall()),
  mono: Math.floor(clock.mono()),
  boot: boot.id,
  quality: boot.quality(),
});
