import type { ErrorBody, RequestDraft, Response } from '../../../agent/usp/wire/message.ts';
import { answerLines, type Said } from './answer-lines.ts';
import { lineWords } from './line-words.ts';

type Usage = { readonly usage: string };
type Question = {
  readonly request: RequestDraft;
  readonly lines: (response: Response) => Said;
  readonly error: (error: ErrorBody) => Said;
};
type How = { readonly depth: string | undefined; readonly partial: boolean };

/** A command line as a message of USP, and how its answer is said. */
export function readQuestion(verb: string, words: readonly string[], { depth = '0', partial }: How): Question | Usage {
  const asked = (request: RequestDraft, lines: Question['lines'] = answerLines): Question => ({
    request,
    lines,
    error,
  });
  if (verb === 'lignes') return asked({ get: { paramPaths: ['Device.Services.VoiceService.1.'] } }, lineWords);
  const [first] = words;
  if (first === undefined) return { usage: `${verb || '(none)'}: name what, or see the subcommands` };
  switch (verb) {
    case 'get':
      if (!/^\d{1,2}$/.test(depth)) return { usage: `--depth ${depth}: a number from 0 to 99` };
      return asked({ get: { paramPaths: words, maxDepth: Number(depth) } });
    case 'instances':
      return asked({ getInstances: { objPaths: words, firstLevelOnly: false } });
    case 'model':
      return asked({
        getSupportedDm: { objPaths: words, returnParams: true, returnCommands: true, returnEvents: true },
      });
    case 'delete':
      return asked({ delete: { allowPartial: partial, objPaths: words } });
    case 'set': {
      const updateObjs = settingsOf(words);
      return 'usage' in updateObjs
        ? updateObjs
        : asked({ set: { allowPartial: partial, updateObjs: updateObjs.objects } });
    }
    case 'add': {
      const settings = pairsOf(words.slice(1));
      if ('usage' in settings) return settings;
      const paramSettings = settings.pairs.map(([param, value]) => ({ param, value, required: true }));
      return asked({ add: { allowPartial: partial, createObjs: [{ objPath: first, paramSettings }] } });
    }
    case 'operate': {
      const input = pairsOf(words.slice(1));
      if ('usage' in input) return input;
      return asked({
        operate: {
          command: first,
          commandKey: 'relais-support',
          sendResp: true,
          inputArgs: Object.fromEntries(input.pairs),
        },
      });
    }
    default:
      return { usage: `no such subcommand: ${verb || '(none)'}` };
  }
}

type Pairs = { readonly pairs: readonly (readonly [name: string, value: string])[] };

function pairsOf(words: readonly string[]): Pairs | Usage {
  const pairs: (readonly [string, string])[] = [];
  for (const word of words) {
    const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=([\s\S]*)$/.exec(word) ?? [];
    if (name === undefined || value === undefined) return { usage: `${word}: write NAME=VALUE` };
    pairs.push([name, value]);
  }
  return { pairs };
}

type Objects = {
  readonly objects: readonly {
    readonly objPath: string;
    readonly paramSettings: readonly { readonly param: string; readonly value: string; readonly required: true }[];
  }[];
};

/** A path may have `==` in a search: the value begins behind the first `=` of the last piece. */
function settingsOf(words: readonly string[]): Objects | Usage {
  const objects = new Map<string, { param: string; value: string; required: true }[]>();
  for (const word of words) {
    const [, objPath, param, value] =
      /^(Device\.(?:\[[^\]]*\]\.|[^.[\]=]+\.)*)([A-Za-z_][A-Za-z0-9_]*)=([\s\S]*)$/.exec(word) ?? [];
    if (objPath === undefined || param === undefined || value === undefined)
      return { usage: `${word}: write PATH=VALUE` };
    const settings = objects.get(objPath) ?? [];
    settings.push({ param, value, required: true });
    objects.set(objPath, settings);
  }
  return { objects: [...objects].map(([objPath, paramSettings]) => ({ objPath, paramSettings })) };
}

const error = ({ errCode, errMsg, paramErrs }: ErrorBody): Said => ({
  out: [],
  err: [`${errCode} ${errMsg}`, ...paramErrs.map((one) => `  ${one.paramPath}: ${one.errCode} ${one.errMsg}`)],
});
