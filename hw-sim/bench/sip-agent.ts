/**
 * The agent of a box as it is shipped, which says on its channel what it costs when it is asked. Started by sip.ts with
 * --expose-gc, so that what it keeps can be told from what it has not swept yet.
 *
 *   node --expose-gc sip-agent.js --config FILE
 */
import { runAgentCommand } from '../../agent/commands/agent-command.ts';

process.on('message', (word) => {
  if (word !== 'cost') return;
  const before = process.memoryUsage.rss();
  globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  process.send?.({
    cost: {
      cpuMicros: user + system,
      rss: before,
      heap: process.memoryUsage().heapUsed,
      timers: process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length,
    },
  });
});
process.exitCode = await runAgentCommand(process.argv.slice(2));
