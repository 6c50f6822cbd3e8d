import { millis, seconds } from '../../model/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FaxJob, FaxJobNote, FaxOutbox } from '../../ports/fax-spool.ts';
import { type Files, folderOf, keepFolder, keepJson, readJson } from './files.ts';
import { type FaxProgress, jobOf, type KeptJob, nameOfJob, readJob } from './kept-job.ts';
import { type FaxRequest, RequestSchema, takeDocument } from './take-document.ts';

/*
 *   out/NAME.json + document ─rename─► jobs/ID/request.json, original ─► document.tif, job.json ─calls─► results/NAME.json
 *                                                  └ nothing of that kind ───────────────────────────────┘
 *
 * Whoever puts a document there writes NAME.json last, or renames it there: it is taken from that moment on, once.
 */
export type OutboxMaking = {
  readonly files: Files;
  readonly clock: Clock;
  /** The spool's folder; `out`, `jobs` and `results` are in it. */
  readonly root: string;
  /** Numbers of the site's terminal lines. */
  readonly lines: readonly string[];
  readonly fault: (error: unknown) => void;
  /** Hears what becomes of each document, by the name under which it was put there. */
  readonly told?: ((name: string, progress: FaxProgress) => void) | undefined;
};

type Works = OutboxMaking & {
  hear: ((job: FaxJob) => void) | undefined;
  working: Promise<unknown>;
  stopped: boolean;
  cancel: () => void;
};

const EVERY = seconds(2);

export function createOutbox(making: OutboxMaking): FaxOutbox & { readonly stop: () => void } {
  const works: Works = {
    ...making,
    hear: undefined,
    working: Promise.resolve(),
    stopped: false,
    cancel: () => undefined,
  };
  return {
    onJob(hear) {
      works.hear = hear;
      inTurn(works, () => recover(works));
      look(works);
    },
    open: (id, done) =>
      inTurn(works, async () => done(await works.files.read(`${works.root}/jobs/${id}/document.tif`))),
    note: (id, note, kept = () => undefined) => {
      const noted = async (): Promise<void> => {
        await keepNote(works, id, note);
        kept(true);
      };
      inTurn(works, () =>
        noted().catch((error) => {
          works.fault(error);
          kept(false);
        }),
      );
    },
    stop: () => {
      works.stopped = true;
      works.cancel();
    },
  };
}

function inTurn(works: Works, work: () => Promise<unknown>): void {
  works.working = works.working.then(() => work().catch(works.fault));
}

function look(works: Works): void {
  if (works.stopped) return;
  inTurn(works, async () => {
    const names = await works.files.list(`${works.root}/out`);
    // One that cannot be claimed (a full disk) keeps no other waiting.
    for (const name of names.filter((one) => one.endsWith('.json'))) await claim(works, name).catch(works.fault);
  });
  works.cancel = works.clock.after(EVERY, () => look(works));
}

/** From here on the request is ours, and a power cut finds it in one place or in the other. */
async function claim(works: Works, name: string): Promise<void> {
  const { files, root, clock } = works;
  const id = `${name.slice(0, -'.json'.length).slice(0, 150)}-${clock.wall().toString(36)}`;
  const folder = `${root}/jobs/${id}`;
  await keepFolder(files, folder);
  await files.rename(`${root}/out/${name}`, `${folder}/request.json`);
  await files.sync(folder);
  await files.sync(`${root}/out`);
  tell(works, id, { state: 'preparing', ...NOTHING_YET });
  await take(works, id);
}

/** A claimed request becomes a job, or a result that says why not. */
async function take(works: Works, id: string): Promise<void> {
  const { files, root, lines } = works;
  const folder = `${root}/jobs/${id}`;
  const read = RequestSchema.safeParse(await readJson(files, `${folder}/request.json`));
  if (!read.success) {
    const issue = read.error.issues[0];
    const field = issue?.path.join('.') ?? '';
    return refuse(works, id, `${field === '' ? 'the request must be a JSON object' : field}: ${issue?.message ?? ''}`);
  }
  const request = read.data;
  if (!lines.includes(request.line))
    return refuse(
      works,
      id,
      `line: ${request.line} is no fax line of this box in mode "terminal"; it has ${lines.join(', ') || 'none'}`,
    );
  const names = await files.list(folder);
  if (!names.includes('original') && (await files.list(`${root}/out`)).includes(request.file)) {
    await files.rename(`${root}/out/${request.file}`, `${folder}/original`);
    await files.sync(folder);
  }
  const taken = await takeDocument(files, `${folder}/original`, `${folder}/document.tif`);
  if ('refusal' in taken) return refuse(works, id, `file: ${request.file}: ${taken.refusal}`);
  await accept(works, id, request, taken.pages);
}

async function accept(works: Works, id: string, { line, to }: FaxRequest, pages: number): Promise<void> {
  const job: KeptJob = { state: 'waiting', line, to, pages, confirmed: 0, tries: 0, notBefore: 0 };
  await keepJson(works.files, fileOf(works, id), job);
  await works.files.remove(`${works.root}/jobs/${id}/original`);
  tell(works, id, { ...job, text: '' });
  works.hear?.(jobOf(id, job));
}

const fileOf = ({ root }: Works, id: string): string => `${root}/jobs/${id}/job.json`;
const NOTHING_YET = { pages: 0, confirmed: 0, tries: 0, text: '' } as const;
const tell = (works: Works, id: string, progress: FaxProgress): void => works.told?.(nameOfJob(id), progress);

const refuse = (works: Works, id: string, text: string): Promise<void> =>
  close(works, id, { state: 'refused', ...NOTHING_YET, text });

/** The result first, then the job goes: the other way round a power cut would leave nothing. */
async function close(
  works: Works,
  id: string,
  result: FaxProgress & { readonly outcome?: string | undefined },
): Promise<void> {
  const { files, root, clock } = works;
  await keepJson(files, `${root}/results/${nameOfJob(id)}.json`, { ...result, job: id, at: clock.wall() });
  await files.remove(`${root}/jobs/${id}`);
  await files.sync(`${root}/jobs`);
  tell(works, id, result);
}

async function keepNote(works: Works, id: string, note: FaxJobNote): Promise<void> {
  const job = await readJob(works.files, fileOf(works, id));
  if (job === undefined) return;
  const { call: _, ...before } = job;
  const kept: KeptJob = { ...before, ...note };
  await keepJson(works.files, fileOf(works, id), kept);
  tell(works, id, { ...kept, text: kept.last?.text ?? '' });
  if (note.state === 'sent' || note.state === 'failed') await finish(works, id, kept);
}

const finish = (
  works: Works,
  id: string,
  { state, line, to, pages, confirmed, tries, last }: KeptJob,
): Promise<void> => {
  const result = { state, line, to, pages, confirmed, tries, outcome: last?.outcome, text: last?.text ?? '' };
  return close(works, id, result);
};

/** What a life before left behind. A job that was being called is called again, for what nobody confirmed. */
async function recover(works: Works): Promise<void> {
  const { files, root, clock } = works;
  for (const folder of ['out', 'jobs', 'results']) await files.makeFolder(`${root}/${folder}`);
  await files.sync(root);
  for (const id of await files.list(`${root}/jobs`)) {
    const job = await readJob(files, fileOf(works, id));
    if (job === undefined) await takeAgain(works, id);
    else if (job.state === 'sent' || job.state === 'failed') await finish(works, id, job);
    else {
      tell(works, id, { ...job, state: 'waiting', text: job.last?.text ?? '' });
      works.hear?.(jobOf(id, { ...job, notBefore: Math.max(job.notBefore, millis(clock.wall())) }));
    }
  }
}

async function takeAgain(works: Works, id: string): Promise<void> {
  const folder = `${works.root}/jobs/${id}`;
  if ((await works.files.list(folder)).includes('request.json')) return take(works, id);
  await works.files.remove(folder);
  await works.files.sync(folderOf(folder));
}
