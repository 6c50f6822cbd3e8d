import modbus from 'modbus-serial';
import { Fault } from '../../../agent/model/fault.ts';
import type { Millis } from '../../../agent/model/units.ts';
import { createTurns } from '../../turns.ts';
import type { ModbusBus } from '../modbus-bus.ts';

type Client = InstanceType<typeof modbus.default>;
type Trunk = {
  readonly place: string;
  readonly patience: Millis;
  readonly connect: (client: Client) => Promise<void>;
  readonly drop: (client: Client) => void;
};

export function modbusTcp(host: string, port: number, patience: Millis): ModbusBus {
  return createBus({
    place: `${host}:${port}`,
    patience,
    // Without a timeout of its own, connecting to a host that is switched off takes the kernel's two minutes.
    connect: (client) => client.connectTCP(host, { port, timeout: patience }),
    drop: (client) => client.destroy(() => undefined),
  });
}

export function modbusRtu(path: string, baudRate: number, patience: Millis): ModbusBus {
  return createBus({
    place: path,
    patience,
    connect: (client) => client.connectRTUBuffered(path, { baudRate }),
    drop: (client) => client.close(() => undefined),
  });
}

function createBus(trunk: Trunk): ModbusBus {
  // The unit is a property of the client, not of the question: two questions at once would mix their units.
  const inTurn = createTurns();
  let client: Client | undefined;

  const drop = () => {
    if (client !== undefined) trunk.drop(client);
    client = undefined;
  };

  const connected = async (): Promise<Client> => {
    if (client?.isOpen) return client;
    drop();
    client = new modbus.default();
    client.on('error', () => undefined);
    client.setTimeout(trunk.patience);
    await trunk.connect(client);
    return client;
  };

  const ask = <T>(unit: number, read: (client: Client) => Promise<{ data: T[] }>): Promise<readonly T[]> =>
    inTurn(async () => {
      try {
        const line = await connected();
        line.setID(unit);
        return (await read(line)).data;
      } catch (error) {
        const exception = exceptionOf(error);
        // An exception is an answer. After anything else the line is made anew: a UPS that restarted without a word
        // has forgotten it, and TCP would try the old one for a quarter of an hour.
        if (exception === undefined) drop();
        const context = { place: trunk.place, unit, ...(exception !== undefined && { exception }) };
        throw new Fault('modbus.silent', context, { cause: error });
      }
    });

  return {
    // Discrete inputs come in whole bytes; the bits after the last one asked for mean nothing.
    readDiscrete: async (unit, address, count) =>
      (await ask(unit, (line) => line.readDiscreteInputs(address, count))).slice(0, count),
    readHolding: (unit, address, count) => ask(unit, (line) => line.readHoldingRegisters(address, count)),
    readInput: (unit, address, count) => ask(unit, (line) => line.readInputRegisters(address, count)),
    writeCoil: async (unit, address, on) => {
      await ask(unit, async (line) => {
        await line.writeCoil(address, on);
        return { data: [] };
      });
    },
    close: () => inTurn(async () => drop()),
  };
}

function exceptionOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('modbusCode' in error)) return undefined;
  return typeof error.modbusCode === 'number' ? error.modbusCode : undefined;
}
