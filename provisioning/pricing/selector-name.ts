import type { Selector } from '../../agent/model/destination.ts';

/** A selector in the words of an operator; two are the same selector where their names are. */
export function selectorName(selector: Selector | undefined): string {
  if (selector === undefined) return 'any number';
  if ('prefix' in selector) return `prefix ${selector.prefix}`;
  if ('short' in selector) return `short ${selector.short}`;
  if ('national' in selector) return 'national numbers';
  const { class: name, territory, zone } = selector;
  return `class ${name}${territory === undefined ? '' : ` in ${territory}`}${zone === undefined ? '' : ` in zone ${zone}`}`;
}

type Priced = {
  readonly for?: Selector | undefined;
  readonly visited?: { readonly zone: string } | { readonly territory: string } | undefined;
  readonly direction?: string | undefined;
};

/** What a price of any list is for, without its days. */
export function priceName({ for: selector, visited, direction }: Priced): string {
  const where = visited === undefined ? '' : ` from ${'zone' in visited ? `zone ${visited.zone}` : visited.territory}`;
  return `${direction === undefined ? '' : `${direction} `}${selectorName(selector)}${where}`;
}
