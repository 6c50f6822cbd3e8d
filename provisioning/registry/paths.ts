import { join } from 'node:path';

/** Where everything of one operator lies. The directory is the operator's book: back it up, show it to nobody. */
export const registryPaths = (directory: string) => ({
  operatorKey: join(directory, 'operator.key'),
  operatorPublicKey: join(directory, 'operator.pub'),
  centralSecret: join(directory, 'central.secret'),
  /** Countersigns checkpoints (U-3); its public half is for clients and auditors. */
  witnessKey: join(directory, 'central.key'),
  witnessVerifierKey: join(directory, 'central.vkey'),
  devices: join(directory, 'devices'),
  accounts: join(directory, 'accounts'),
  /** One file for each epoch that support gave up, with who and why (C-3). */
  writeOffs: join(directory, 'write-offs'),
  writeOff: (id: string) => join(directory, 'write-offs', `${id}.json`),
  suspensions: join(directory, 'suspensions'),
  /** What mobile lines of boxes were ordered to do (S-1, S-2, S-11); readable by the owner alone. */
  lineOrders: join(directory, 'line-orders'),
  /** What a controller shows the broker (M-7). */
  controllerSecret: (name: string) => join(directory, 'controllers', `${name}.secret`),
  account: (account: string) => join(directory, 'accounts', `${account}.json`),
  payload: (device: string, version: number) => join(directory, 'devices', device, `${version}.site.json`),
  signed: (device: string) => join(directory, 'devices', device, 'site.signed.json'),
  uplinkSecret: (device: string) => join(directory, 'devices', device, 'uplink.secret'),
  broker: {
    configuration: join(directory, 'broker', 'mosquitto.conf'),
    passwords: join(directory, 'broker', 'passwd'),
    accessList: join(directory, 'broker', 'acl'),
  },
});
