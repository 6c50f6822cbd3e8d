import type { Ends, Role } from './role.ts';

/** Both lines of the site, as they name themselves. */
export const FRONT = '<sip:+33172890001@203.0.113.10>';
export const BACK = '<sip:+33172890002@203.0.113.10>';
export const OUTSIDE = '<sip:+33199000009@203.0.113.10>';
export const BUNDLED = '0199000001';
/** 0.66 € a minute; barred at activation, opened by the site's waiver. */
export const WAIVED = '0892000001';

export const first = '192.168.10.10';
export const second = '192.168.10.11';
export const third = '192.168.10.12';
export const carrier = '203.0.113.30';

export const hungUp = (of: string, seconds: readonly [number, number]): readonly Ends[] => [
  { cause: 'caller-hung-up', class: of, seconds },
];
export const refusal = (cause: string, of: string): readonly Ends[] => [{ cause, class: of, seconds: [0, 0] }];
/** Both are read by the user of a phone (RFC 3326 2, RFC 3261 20.43). */
export const inFrench = (status: number, phrase: string, warning: string) => ({
  Reason: `SIP;cause=${status};text="${phrase}"`,
  Warning: `399 relais "${warning}"`,
});

export const outside = (name: string, rest: Pick<Role, 'shows' | 'fate' | 'ends' | 'steps'>, port: number): Role => ({
  ...{ name, socket: `${carrier}:${port}`, of: 'operator' },
  ...rest,
});
