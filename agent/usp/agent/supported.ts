import { fails } from '../failure.ts';
import type { Model } from '../model/model.ts';
import { type ObjectType, type ParameterType, typePath } from '../model/object-type.ts';
import type { Request, ResponseDraft } from '../wire/message.ts';

type Ask = NonNullable<Request['getSupportedDm']>;
type Answer = NonNullable<ResponseDraft['getSupportedDmResp']>;

const MODEL = 'urn:broadband-forum-org:tr-181-2-19-1-usp';
const VALUE_TYPES = {
  boolean: 2,
  dateTime: 3,
  decimal: 4,
  hexBinary: 5,
  int: 6,
  long: 7,
  string: 8,
  unsignedInt: 9,
  unsignedLong: 10,
} as const;
const READ_ONLY = 0;
const READ_WRITE = 1;
const ADD_DELETE = 1;
const CHANGES_TOLD = 1;
const CHANGES_IGNORED = 2;
const SYNCHRONOUS = 1;
const ASYNCHRONOUS = 2;
const MOST_PATHS = 100;

/** What this software supports, whatever there is on this box: of objects, of one command, one event or one parameter. */
export function answerSupported({ types }: Model, ask: Ask): Answer {
  const reqObjResults = ask.objPaths.slice(0, MOST_PATHS).map((reqObjPath) => {
    const asked = typePath(`${reqObjPath}`.replaceAll('.*.', '.{i}.'));
    const supportedObjs = asked.endsWith('.') ? objects(types, asked, ask) : member(types, asked, ask);
    if (supportedObjs.length > 0) return { reqObjPath, dataModelInstUri: MODEL, supportedObjs };
    const { errCode, errMsg } = fails(7026, reqObjPath);
    return { reqObjPath, errCode, errMsg };
  });
  return { reqObjResults };
}

function objects(types: Model['types'], asked: string, ask: Ask): readonly Described[] {
  const all = [...types.values()].filter(({ path }) => path.startsWith(asked));
  if (!types.has(asked) && !types.has(`${asked}{i}.`)) return [];
  if (!ask.firstLevelOnly) return all.map((type) => describe(type, ask));
  const level = types.has(asked) ? asked : `${asked}{i}.`;
  const children = all.filter(({ path }) => path !== level && isChild(level, path));
  const itself = all.filter(({ path }) => path === level);
  const nothing = {
    ...ask,
    returnCommands: false,
    returnEvents: false,
    returnParams: false,
    returnUniqueKeySets: false,
  };
  return [...itself.map((type) => describe(type, ask)), ...children.map((type) => describe(type, nothing))];
}

const isChild = (parent: string, path: string): boolean =>
  /^[^.]+\.(\{i\}\.)?$/.test(path.slice(parent.length)) && path.startsWith(parent);

/** One command, event or parameter: its object with that member alone. */
function member(types: Model['types'], asked: string, ask: Ask): readonly Described[] {
  const cut = asked.lastIndexOf('.') + 1;
  const [type, name] = [types.get(asked.slice(0, cut)), asked.slice(cut)];
  if (type === undefined) return [];
  const { path, rows } = type;
  const alone = { path, ...(rows === undefined ? {} : { rows }) };
  const [parameter, command, event] = [type.parameters?.[name], type.commands?.[name], type.events?.[name]];
  if (parameter) return [describe({ ...alone, parameters: { [name]: parameter } }, ask)];
  if (command) return [describe({ ...alone, commands: { [name]: command } }, ask)];
  return event ? [describe({ ...alone, events: { [name]: event } }, ask)] : [];
}

type Described = ReturnType<typeof describe>;

function describe({ path, rows, keys = [], parameters = {}, commands = {}, events = {} }: ObjectType, ask: Ask) {
  return {
    supportedObjPath: path,
    access: rows === 'add-delete' ? ADD_DELETE : READ_ONLY,
    isMultiInstance: path.endsWith('.{i}.'),
    supportedCommands: !ask.returnCommands
      ? []
      : Object.entries(commands).map(([commandName, { input = [], output = [], asynchronous }]) => ({
          commandName,
          inputArgNames: input,
          outputArgNames: output,
          commandType: asynchronous ? ASYNCHRONOUS : SYNCHRONOUS,
        })),
    supportedEvents: ask.returnEvents
      ? Object.entries(events).map(([eventName, argNames]) => ({ eventName, argNames }))
      : [],
    supportedParams: ask.returnParams ? Object.entries(parameters).map(parameterOf) : [],
    uniqueKeySets: ask.returnUniqueKeySets ? keys.map((keyNames) => ({ keyNames })) : [],
  };
}

const parameterOf = ([paramName, { type, write, restless }]: readonly [string, ParameterType]) => ({
  paramName,
  access: write === undefined ? READ_ONLY : READ_WRITE,
  valueType: VALUE_TYPES[type],
  valueChange: restless ? CHANGES_IGNORED : CHANGES_TOLD,
});
