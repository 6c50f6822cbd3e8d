/** Every code that a fault may carry, with one sentence for the support console. Never renamed, never reused. */
export const FAULTS = {
  'config.unreadable': 'A configuration or order file could not be read as JSON.',
  'config.refused': 'A configuration or order has a wrong field; nothing of it was applied.',
  'config.signature': 'A site configuration does not carry the signature of its operator.',
  'ledger.settings': 'The record store did not accept a setting that durability depends on.',
  'ledger.damaged': 'The record store holds a record that does not continue the chain.',
  'ledger.layout': 'The record store has tables that this software does not know.',
  'ledger.locked': 'Another process holds the record store.',
  'ledger.io': 'The record store failed while writing; the agent stops so that nothing is promised that is not kept.',
  'evidence.key': 'The key that signs the evidence could not be read or made.',
  'modem.silent': 'The modem did not answer a command in time.',
  'modem.refused': 'The modem answered a command with an error.',
  'modbus.silent': 'A Modbus device did not answer.',
  'modbus.garbage': 'A Modbus device answered with values that cannot be; they are taken for no answer.',
  'lamp.refused': 'A lamp of the box could not be lit.',
  'network.refused': 'The kernel refused a change of the data plane.',
  'network.unavailable': 'A tool or kernel feature that the data plane needs is missing.',
  'uplink.refused': 'The broker refused the connection or a subscription.',
  'central.chain': 'A device sent records that do not continue the chain that the central knows.',
  'release.refused': 'A release is not one of ours, or not for this box; nothing of it was installed.',
  'release.unreachable':
    'A release could not be fetched; what has come of it is kept, and fetching goes on from there.',
  'watchdog.refused': 'The hardware watchdog could not be opened; nobody restarts a box that hangs as a whole.',
  'sandbox.unavailable': 'The simulated site cannot be built on this machine.',
} as const;

export type FaultCode = keyof typeof FAULTS;

/** The one error class: thrown only at ports and wires; code that reacts, reacts to the code, never to the text. */
export class Fault extends Error {
  readonly code: FaultCode;
  readonly context: Readonly<Record<string, unknown>>;

  constructor(code: FaultCode, context: Readonly<Record<string, unknown>> = {}, options?: ErrorOptions) {
    super(`${code}: ${FAULTS[code]} ${JSON.stringify(context)}`, options);
    this.name = 'Fault';
    this.code = code;
    this.context = context;
  }
}

export const isFault = (error: unknown, code?: FaultCode): error is Fault =>
  error instanceof Fault && (code === undefined || error.code === code);
