import type { SupportRole } from '../model/management.ts';
import type { Permission } from './roles.ts';

/** One who may speak to the agent: named in the configuration that the operator signed. */
export type Controller = {
  /** Its row in `Device.LocalAgent.Controller.`. */
  readonly number: number;
  readonly endpoint: string;
  readonly role: SupportRole;
  /** Numbers of the lines that a client may see; absent: all of the site. */
  readonly lines?: readonly string[];
  /** The agent hears this controller there, and nobody else may write to it. */
  readonly heardOn: string;
  readonly toldOn: string;
  /** What a role made on the box leaves of the rights of `role`; absent: all of them. */
  readonly trust?: readonly Permission[];
  /** Where statistics are published that it asked for; absent: nowhere. */
  readonly bulkOn?: string;
};

export const controllerPath = ({ number }: Pick<Controller, 'number'>): string =>
  `Device.LocalAgent.Controller.${number}`;
