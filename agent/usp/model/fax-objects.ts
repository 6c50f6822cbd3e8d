import type { CommandType, ObjectType, ParameterType } from './object-type.ts';

const string: ParameterType = { type: 'string' };
const count: ParameterType = { type: 'unsignedInt' };
const when: ParameterType = { type: 'dateTime' };

const SEND: CommandType = {
  input: ['Name', 'DirectoryNumber', 'To', 'Bytes', 'SHA256'],
  required: ['Name', 'DirectoryNumber', 'To', 'Bytes', 'SHA256'],
  recorded: ['Name', 'DirectoryNumber', 'To', 'Bytes', 'SHA256'],
  output: ['Document', 'Status', 'Pages', 'PagesConfirmed', 'Calls', 'Result'],
  ...{ asynchronous: true, secret: true },
};

/** Documents to be faxed and faxes that came in: TR-104 2.0.2 knows no fax document. */
export const FAX_OBJECTS: readonly ObjectType[] = [
  {
    path: 'Device.Services.VoiceService.{i}.X_RELAIS_Fax.',
    parameters: {
      SendingNow: { ...count, restless: true },
      ReceivingNow: { ...count, restless: true },
      LineNumberOfEntries: count,
      Lines: string,
      LargestDocument: count,
      LargestPiece: count,
      MostDocuments: count,
      DocumentNumberOfEntries: count,
      ReceivedNumberOfEntries: count,
    },
    commands: { 'SendDocument()': SEND },
  },
  {
    path: 'Device.Services.VoiceService.{i}.X_RELAIS_Fax.Document.{i}.',
    keys: [['Originator', 'Name']],
    parameters: {
      Originator: string,
      Name: string,
      DirectoryNumber: string,
      To: string,
      Bytes: count,
      BytesKept: { ...count, restless: true },
      SHA256: string,
      Status: string,
      Pages: count,
      PagesConfirmed: count,
      Calls: count,
      Result: string,
      Began: when,
    },
    commands: {
      'Put()': {
        ...{ input: ['Offset', 'Octets'], required: ['Offset', 'Octets'], output: ['BytesKept'] },
        ...{ asynchronous: true, secret: true, carriesOn: true },
      },
      'Withdraw()': { asynchronous: true, secret: true },
    },
  },
  {
    path: 'Device.Services.VoiceService.{i}.X_RELAIS_Fax.Received.{i}.',
    keys: [['Alias']],
    parameters: {
      Alias: string,
      DirectoryNumber: string,
      From: string,
      Station: string,
      Began: when,
      Ended: when,
      Pages: count,
      Rate: count,
      ErrorCorrection: string,
      Outcome: string,
      Result: string,
      Mail: string,
    },
    commands: {
      'Read()': {
        ...{ input: ['Offset'], required: ['Offset'], output: ['Offset', 'Octets', 'Bytes', 'SHA256'] },
        ...{ asynchronous: true, secret: true, recorded: ['Offset'] },
      },
    },
  },
];
