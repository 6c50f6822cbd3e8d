import { type Failure, fails } from '../failure.ts';
import { checkValue } from '../model/check-value.ts';
import type { ParameterType, Row } from '../model/object-type.ts';
import { parsePath } from '../path/parse-path.ts';
import { may } from '../roles.ts';
import type { Change, Setting } from './change.ts';
import type { Book } from './state.ts';
import { readSettings } from './trigger-settings.ts';
import { isSoftware, mayHave } from './trust.ts';

type Judged = { readonly value: string } | Failure;

/** Whether a controller may give a parameter this value, and how it is kept. `creating`: by the Add that makes the row. */
export function judgeValue(
  change: Change,
  book: Book,
  { type, path }: Row,
  { param, value, creating }: Setting & { readonly creating: boolean },
): Judged {
  const parameter: ParameterType | undefined = Object.hasOwn(type.parameters ?? {}, param)
    ? type.parameters?.[param]
    : undefined;
  const full = `${path}${param}`;
  if (parameter === undefined) return fails(7010, full);
  if (parameter.write === undefined || (parameter.write === 'once' && !creating)) return fails(7013, full);
  if (!may(change.controller, 'parameter', 'w', { type: `${type.path}${param}`, path: full })) return fails(7006, full);
  if (!creating && isSoftware(book, { path })) return fails(7013, full, 'a role of the software');
  const why = wrong(change, book, path, { param, value });
  return why === undefined ? checkValue(parameter, value, full) : fails(7012, full, why);
}

/** What a value has to be beyond its type; the empty one means that there is none. */
function wrong(
  { controller, controllers }: Change,
  book: Book,
  path: string,
  { param, value }: Pick<Setting, 'param' | 'value'>,
): string | undefined {
  if (value === '') return undefined;
  switch (param) {
    case 'PublishTopic':
      // Any other topic would be somebody else's: the broker lets the device write there alone.
      return value === controller.bulkOn ? undefined : `only ${controller.bulkOn ?? 'nothing'}`;
    case 'Reference':
    case 'ParameterName':
      return parsePath(value) === undefined ? 'a path' : undefined;
    case 'ReferenceList':
      return listOf(value).every((one) => parsePath(one) !== undefined) ? undefined : 'a list of paths';
    case 'Targets':
      return listOf(value).every(isTarget) ? undefined : 'a list of paths with numbers or *, without searches';
    case 'TriggerConfigSettings': {
      const read = readSettings(value);
      return 'wrong' in read ? read.wrong : undefined;
    }
    case 'AssignedRole':
      return mayHave(book, controllers, path, value)
        ? undefined
        : 'the role that was signed for this controller, or one that was made on this box';
    default:
      return undefined;
  }
}

const listOf = (list: string): readonly string[] => list.split(',').map((one) => one.trim());

const isTarget = (target: string): boolean =>
  parsePath(target)?.steps.every(({ is }) => is === 'name' || is === 'row' || is === 'every') === true;
