import { createInterface } from 'node:readline';
import { runIn } from '../kernel/namespaces.ts';
import type { Screen } from './screen.ts';
import type { Stage } from './stage.ts';

const HELP = `The site stays up; the agent was stopped for the closing table, "agent" starts it again.
  cut main|second     heal main|second     the access links
  cut broker          heal broker          the road to the central
  agent               start the agent
  kill                SIGKILL to the agent
  call NUMBER         hangup               the phone
  report              what phone and far end heard
  in NAMESPACE CMD…   a command in phones, office, gw, core
  quit`;

/** A prompt to break things by hand. Ends with "quit" or the end of input. */
export async function keepPlaying(stage: Stage, screen: Screen): Promise<void> {
  screen.line(`\n${HELP}`);
  const input = createInterface({ input: process.stdin, output: process.stderr, prompt: 'site> ' });
  input.prompt();
  for await (const order of input) {
    const words = order.trim().split(/\s+/);
    if (words[0] === 'quit') break;
    try {
      screen.line(await obey(stage, words));
    } catch (error) {
      screen.line(error instanceof Error ? error.message : String(error));
    }
    input.prompt();
  }
  input.close();
}

async function obey(stage: Stage, [verb = '', ...words]: readonly string[]): Promise<string> {
  const [first = ''] = words;
  switch (verb) {
    case 'cut':
    case 'heal':
      return breakOrMend(stage, verb, first);
    case 'agent':
      stage.startAgent();
      return 'starting; "report" and the log of the box tell more';
    case 'kill':
      process.kill(stage.agentPid(), 'SIGKILL');
      return 'killed; the supervisor starts it again';
    case 'call':
      return JSON.stringify(await stage.phone.ask({ do: 'call', number: first }));
    case 'hangup':
      return JSON.stringify(await stage.phone.ask({ do: 'hangup' }));
    case 'report':
      return JSON.stringify(
        { phone: await stage.phone.ask({ do: 'report' }), farEnd: await stage.peer.ask({ do: 'report' }) },
        null,
        1,
      );
    case 'in':
      return runIn(first, ['sh', '-c', words.slice(1).join(' ')]);
    default:
      return verb === '' ? '' : HELP;
  }
}

async function breakOrMend(stage: Stage, verb: 'cut' | 'heal', what: string): Promise<string> {
  if (what === 'broker') await (verb === 'cut' ? stage.cutBroker() : stage.healBroker());
  else if (what === 'main' || what === 'second') await stage.site.lines[what].ask({ do: verb });
  else return HELP;
  return `${what}: ${verb}`;
}
