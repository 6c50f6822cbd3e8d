import type { SiteConfig } from '../model/site-config.ts';

/** The link of the box's one modem: where two links are mobile, nobody knows of which one it speaks. */
export function mobileLink({ links }: Pick<SiteConfig, 'links'>): SiteConfig['links'][number] | undefined {
  const [one, ...others] = links.filter(({ kind }) => kind === 'mobile');
  return others.length === 0 ? one : undefined;
}
