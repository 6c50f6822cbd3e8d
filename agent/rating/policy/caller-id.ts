import type { Numbering } from '../../model/numbering.ts';
import type { Regime } from '../../model/regime.ts';
import { classify } from '../numbering/classify.ts';

export type Presentable = {
  readonly regime: Regime;
  readonly numbering: Numbering;
  /** In E.164: the numbers of the client's lines, and those that their owner expressly let it use. */
  readonly assigned: ReadonlySet<string>;
  readonly authorized: ReadonlySet<string>;
};

/**
 * V-5: the article that forbids this number as the identity of a caller; undefined when it may be presented. What is no
 * telephone number (an account name, an extension, "anonymous") presents nothing: the network puts the line's own number.
 */
export function forbiddenCaller(presented: string, site: Presentable): string | undefined {
  const { number, class: of } = classify(presented, site.numbering);
  if (!LOOKS_LIKE_A_NUMBER.test(presented.replace(SEPARATORS, ''))) return undefined;
  const { forbidden, mayPresent } = site.regime.callerId;
  if (forbidden.value.some((block) => isOfBlock(number, block))) return forbidden.article;
  const isTheirs =
    (mayPresent.value.includes('assigned') && site.assigned.has(number)) ||
    (mayPresent.value.includes('authorized') && site.authorized.has(number));
  return isTheirs && of !== 'invalid' ? undefined : mayPresent.article;
}

/** Extensions of an exchange have up to six digits, as short numbers do; no subscriber's number is that short. */
const LOOKS_LIKE_A_NUMBER = /^\+?\d{7,}$/;
const SEPARATORS = /[\s.()/-]/g;

/** "089B": ten digits as dialled in France that begin so, each capital letter standing for one digit. */
function isOfBlock(number: string, block: string): boolean {
  const national = number.startsWith('+33') ? `0${number.slice(3)}` : number;
  return [...block].every((sign, at) => {
    const digit = national[at] ?? '';
    return sign >= 'A' ? digit >= '0' && digit <= '9' : digit === sign;
  });
}
