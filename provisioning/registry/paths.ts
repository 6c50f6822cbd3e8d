import { join } from 'node:path';

/** Where everything of one operator lies. The directory is the operator's book: back it up, show it to nobody. */
export const registryPaths = (directory: string) => ({
  operatorKey: join(directory, 'operator.key'),
  operatorPublicKey: join(directory, 'operator.pub'),
  /** Signs releases of the boxes' software, and nothing else (D-3). */
  releaseKey: join(directory, 'release.key'),
  releasePublicKey: join(directory, 'release.pub'),
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
  /** The operator's own authority (D-3). `root.key` may be kept elsewhere once the broker has its certificate. */
  authority: {
    rootKey: join(directory, 'authority', 'root.key'),
    root: join(directory, 'authority', 'root.pem'),
    issuingKey: join(directory, 'authority', 'issuing.key'),
    issuing: join(directory, 'authority', 'issuing.pem'),
    issuedFolder: join(directory, 'authority', 'issued'),
    issued: (name: string, serial: string) => join(directory, 'authority', 'issued', `${name}~${serial}.pem`),
    revokedFolder: join(directory, 'authority', 'revoked'),
    revoked: (name: string) => join(directory, 'authority', 'revoked', `${name}.json`),
    request: (device: string) => join(directory, 'authority', 'requests', `${device}.json`),
  },
  /** Key and certificate of a central or a controller, by the name that it has at the broker. */
  roleIdentity: (name: string) => join(directory, 'roles', `${name}.pem`),
  broker: {
    configuration: join(directory, 'broker', 'mosquitto.conf'),
    passwords: join(directory, 'broker', 'passwd'),
    accessList: join(directory, 'broker', 'acl'),
    /** Key and certificate of the broker, whose clients it believes, and whom no longer. */
    serverIdentity: join(directory, 'broker', 'server.pem'),
    clientRoots: join(directory, 'broker', 'clients.pem'),
    revoked: join(directory, 'broker', 'revoked.pem'),
  },
});
