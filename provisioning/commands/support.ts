import { controllerUsername } from '../../agent/model/management.ts';
import type { Notify } from '../../agent/usp/wire/message.ts';
import { operatorTls } from '../registry/operator-tls.ts';
import { registryPaths } from '../registry/paths.ts';
import { latestConfigs, readRegistry, readSecret } from '../registry/registry.ts';
import { type OpenController, openController } from '../support/open-controller.ts';
import { DONE, FAILED, REFUSED, readArguments, readEndpoint, type Terminal } from './command.ts';
import { followEvents, notifyLine } from './support/events.ts';
import { faxCommand } from './support/faxes.ts';
import { listFleet } from './support/fleet.ts';
import { readQuestion } from './support/questions.ts';

const HELP = `relais support: look at boxes, change them and follow them, over the broker (USP, TR-369)

  relais support list                             every box: does it answer, since when does it run, what carries voice
  relais support get DEVICE PATH... [--depth N]   such as Device.DeviceInfo. or Device.IP.Interface.*.Status
  relais support set DEVICE PATH=VALUE...         all or nothing; --partial: as many as can be
  relais support add DEVICE TABLE [NAME=VALUE...]
  relais support delete DEVICE PATH...
  relais support operate DEVICE COMMAND [NAME=VALUE...]
                                                  such as 'Device.X_RELAIS_Restart()' Reason=maintenance
  relais support instances DEVICE TABLE...
  relais support model DEVICE PATH...             what its software knows
  relais support lignes DEVICE                    the lines, in words for the client (in French)
  relais support events DEVICE [PATH...]          follows starts, periods and changes until it is ended
  relais support fax DEVICE --line N --to N FILE  hands a PDF or TIFF to the box, which faxes it; --wait: until it is sent
  relais support faxes DEVICE                     documents and faxes that came in (in French)
  relais support fax-read DEVICE NUMBER FILE      the PDF of a fax that came in; for the client alone

  --directory D --as NAME   the registry, and the controller of the order whose rights are used (needed)
  --broker HOST:PORT        another way to the broker than the one that the boxes were told
  --name NAME               of fax: the same name is the same document, sent once; made of the document if absent
  --json                    one JSON object a line`;

const OPTIONS = ['directory', 'as', 'broker', 'depth', 'line', 'to', 'name'] as const;
const FLAGS = ['json', 'partial', 'wait'];

/** `relais support`: a controller of USP with a human face (M-1, M-3). */
export async function support(argv: readonly string[], terminal: Terminal): Promise<number> {
  const read = readArguments(argv, OPTIONS, FLAGS);
  if ('usage' in read) return refuse(terminal, read.usage);
  if (read.flags.has('help')) {
    terminal.out(HELP);
    return DONE;
  }
  const { values, flags } = read;
  const [verb = '', device, ...words] = read.words;
  const { directory, as: name } = values;
  if (directory === undefined || name === undefined) return refuse(terminal, '--directory and --as are needed');
  const configs = latestConfigs(readRegistry(directory).configs);
  const managed = configs.filter(({ controllers }) => controllers.some((one) => one.name === name));
  const [first] = managed;
  if (first === undefined) return refuse(terminal, `--as ${name}: no order names that controller`);
  const broker = values.broker === undefined ? first.central : readEndpoint(values.broker);
  if (broker === undefined) return refuse(terminal, `--broker ${values.broker}: write HOST:PORT`);
  const servername = first.central.tls?.servername;
  const json = flags.has('json');
  const open = (onNotify?: (from: string, notify: Notify) => void): Promise<OpenController> =>
    openController({
      ...{ host: broker.host, port: broker.port, tenant: first.tenant, name },
      password: readSecret(registryPaths(directory).controllerSecret(name)),
      ...(servername && { secure: operatorTls(directory, controllerUsername(name), servername) }),
      ...(onNotify && { onNotify }),
    });
  if (verb === 'list') return withController(await open(), (link) => listFleet(managed, link, terminal, json));
  if (device === undefined || !managed.some((config) => config.device.id === device)) {
    const known = managed.map((config) => config.device.id).join(', ');
    return refuse(terminal, `${device ?? 'no device'}: ${name} manages ${known}`);
  }
  if (verb === 'events') {
    const link = await open((from, notify) => terminal.out(notifyLine(from, notify, json)));
    return withController(link, (opened) => followEvents(opened, device, words, terminal));
  }
  const fax = faxCommand(verb, { device, words, values, flags }, terminal);
  if (fax !== undefined) return 'usage' in fax ? refuse(terminal, fax.usage) : fax(open);
  const question = readQuestion(verb, words, { depth: values.depth, partial: flags.has('partial') });
  if ('usage' in question) return refuse(terminal, question.usage);
  return withController(await open(), async (link) => {
    const reply = await link.ask(device, question.request);
    if (reply.is === 'silence') return failed(terminal, `${device} does not answer`);
    const answer = reply.is === 'error' ? question.error(reply.error) : question.lines(reply.response);
    if (json) terminal.out(JSON.stringify(reply.is === 'error' ? reply.error : reply.response));
    else for (const line of answer.out) terminal.out(line);
    for (const line of answer.err) terminal.err(line);
    return answer.err.length === 0 ? DONE : FAILED;
  });
}

async function withController(link: OpenController, work: (link: OpenController) => Promise<number>): Promise<number> {
  try {
    return await work(link);
  } finally {
    await link.close();
  }
}

function failed({ err }: Terminal, why: string): number {
  err(`relais support: ${why}`);
  return FAILED;
}

function refuse({ err }: Terminal, why: string): number {
  err(`relais support: ${why}`);
  err('See relais support --help');
  return REFUSED;
}
