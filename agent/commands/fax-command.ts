import { randomBytes } from 'node:crypto';
import { extname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { SPOOL_FOLDER } from '../edge/fax/fax-spool.ts';
import { createFiles, type Files, keepFile, keepFolder, keepJson, readJson } from '../edge/fax/files.ts';
import { readFax } from '../edge/fax/inbox.ts';
import { readJob } from '../edge/fax/kept-job.ts';
import { RequestSchema } from '../edge/fax/take-document.ts';
import { loadConfig } from '../edge/load-config.ts';
import { isFault } from '../model/fault.ts';
import type { BoxConfig, SiteConfig } from '../model/site-config.ts';

export const FAX_USAGE = `usage: relais fax send FILE --line N --to N --config BOX.json
       relais fax queue --config BOX.json

  send FILE   hands a PDF or TIFF to the agent of this box, which sends it as a fax and tries again where that may help
  queue       faxes that wait to be sent, faxes that wait for the mail server, and the last results
  --line N    number of the fax line that sends, in E.164; the line must be in mode "terminal"
  --to N      number to dial

The same is done by putting a document and NAME.json ({"line", "to", "file"}), the latter last, into STATE/${SPOOL_FOLDER}/out.
`;

/** sysexits.h: EX_USAGE, EX_NOINPUT, EX_TEMPFAIL, EX_CONFIG. */
const MISUSED = 64;
const NO_INPUT = 66;
const TRY_AGAIN = 75;
const CONFIG = 78;
const RESULTS_SHOWN = 20;

export async function runFaxCommand(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      config: { type: 'string' },
      line: { type: 'string' },
      to: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  const [what, document] = positionals;
  if (values.help === true || values.config === undefined) return misused(values.help === true);
  try {
    const { box, site } = loadConfig(values.config);
    if (what === 'queue') return await showQueue(box);
    if (what === 'send' && document !== undefined) return await send({ box, site }, { ...values, document });
  } catch (error) {
    if (!isFault(error)) throw error;
    process.stderr.write(`${error.message}\n`);
    return error.code.startsWith('config.') ? CONFIG : TRY_AGAIN;
  }
  return misused(false);
}

function misused(asked: boolean): number {
  process.stderr.write(FAX_USAGE);
  return asked ? 0 : MISUSED;
}

type Wish = { readonly document: string; readonly line?: string; readonly to?: string };

async function send(config: { readonly box: BoxConfig; readonly site: SiteConfig }, wish: Wish): Promise<number> {
  const { box, site } = config;
  const name = `${Date.now().toString(36)}-${randomBytes(4).toString('hex')}`;
  const file = `${name}${extname(wish.document).toLowerCase() || '.pdf'}`;
  const request = RequestSchema.safeParse({ line: wish.line, to: wish.to, file });
  if (!request.success) {
    const [issue] = request.error.issues;
    process.stderr.write(`--${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}\n`);
    return MISUSED;
  }
  const lines = (site.fax?.lines ?? []).filter(({ mode }) => mode === 'terminal').map(({ number }) => number);
  if (!lines.includes(request.data.line)) {
    process.stderr.write(
      `--line: ${request.data.line} is no fax line in mode "terminal"; there is ${lines.join(', ') || 'none'}\n`,
    );
    return MISUSED;
  }
  const files = createFiles();
  const octets = await files.read(wish.document);
  if (octets === undefined) {
    process.stderr.write(`${wish.document}: there is no such file; name a PDF or TIFF\n`);
    return NO_INPUT;
  }
  const out = join(box.stateDirectory, SPOOL_FOLDER, 'out');
  await keepFolder(files, out);
  await keepFile(files, `${out}/${file}`, octets);
  // Last: from here on the agent takes it.
  await keepJson(files, `${out}/${name}.json`, request.data);
  process.stdout.write(`${name}: waits to be sent to ${request.data.to}; relais fax queue tells how it goes\n`);
  return 0;
}

async function showQueue(box: BoxConfig): Promise<number> {
  const files = createFiles();
  const root = join(box.stateDirectory, SPOOL_FOLDER);
  const lines = [...(await outgoing(files, root)), ...(await incoming(files, root)), ...(await results(files, root))];
  process.stdout.write(lines.length === 0 ? 'nothing waits, nothing was sent\n' : `${lines.join('\n')}\n`);
  return 0;
}

async function outgoing(files: Files, root: string): Promise<readonly string[]> {
  const asked = (await files.list(`${root}/out`)).filter((name) => name.endsWith('.json'));
  const lines = asked.map((name) => `${name.slice(0, -'.json'.length)}  not taken yet: is the agent running?`);
  for (const id of await files.list(`${root}/jobs`)) {
    const job = await readJob(files, `${root}/jobs/${id}/job.json`);
    if (job === undefined) lines.push(`${id}  being prepared`);
    else {
      const after = job.last === undefined ? '' : `, last time: ${job.last.text}`;
      lines.push(
        `${id}  to ${job.to}, ${job.state}, ${job.confirmed} of ${job.pages} pages confirmed, ${job.tries} calls${after}`,
      );
    }
  }
  return lines;
}

async function incoming(files: Files, root: string): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const name of await files.list(`${root}/in`)) {
    const stored = await readFax(files, `${root}/in/${name}`);
    const mail = await readJson(files, `${root}/in/${name}/mail.json`);
    const state = typeof mail === 'object' && mail !== null && 'state' in mail ? String(mail.state) : 'waiting';
    const why = typeof mail === 'object' && mail !== null && 'text' in mail ? ` ${String(mail.text)}` : '';
    lines.push(
      stored === undefined
        ? `${name}  coming in`
        : `${name}  from ${stored.fax.peer ?? 'an unknown number'}, ${stored.pages.length} pages, mail ${state}${why}`,
    );
  }
  return lines;
}

async function results(files: Files, root: string): Promise<readonly string[]> {
  const names = (await files.list(`${root}/results`)).filter((name) => name.endsWith('.json'));
  const lines: string[] = [];
  for (const name of names.slice(-RESULTS_SHOWN)) {
    const result = await readJson(files, `${root}/results/${name}`);
    if (typeof result !== 'object' || result === null || !('state' in result)) continue;
    const text = 'text' in result ? String(result.text) : '';
    lines.push(`${name.slice(0, -'.json'.length)}  ${String(result.state)}: ${text}`);
  }
  return lines;
}
