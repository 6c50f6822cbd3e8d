import type { Modem } from '../../firmware-ts/devices/modem.ts';
import { readModem } from '../../firmware-ts/devices/read-modem.ts';
import { readInterfaces, type SiteInterface } from '../../firmware-ts/net/interface-readings.ts';
import { pingOver, traceOver } from '../../firmware-ts/net/link-tests.ts';
import { createCommands } from '../../firmware-ts/wires/node/commands.ts';
import { readLamps, readThermalZones } from '../edge/front-reading.ts';
import { createKernelDiagnostics } from '../edge/kernel-diagnostics.ts';
import { createMachineReading } from '../edge/machine-reading.ts';
import type { LampStates } from '../model/board.ts';
import { seconds } from '../model/units.ts';
import type { DataPlane } from '../plans/data-plane.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';

type Place = {
  readonly plane: DataPlane;
  readonly stateDirectory: string;
  readonly radio: Modem | undefined;
  /** What the lamps show; absent where the box has none. */
  readonly lamps: (() => LampStates | undefined) | undefined;
};

/** The longest test that the model lets somebody order, and then some. */
const LONGEST_TEST = seconds(240);

/** M-1: what support reads of this box when it asks, and the tests of links that it may order. */
export function supportPortsOf({
  plane,
  stateDirectory,
  radio,
  lamps,
}: Place): Pick<AgentPorts, 'eyes' | 'diagnostics'> {
  const questions = createCommands(seconds(5));
  const tests = createCommands(LONGEST_TEST);
  const machine = createMachineReading(stateDirectory);
  const interfaces = interfacesOf(plane);
  return {
    eyes: {
      interfaces: (done) =>
        void readInterfaces(questions, interfaces).then(
          (seen) => done(seen),
          () => done(undefined),
        ),
      machine: (done) => done(machine()),
      temperatures: (done) => done(readThermalZones()),
      ...(lamps && { lamps: (done) => done(readLamps(lamps())) }),
      ...(radio && { radio: (done) => void readModem(radio).then(done) }),
    },
    diagnostics: createKernelDiagnostics(plane.links, {
      ping: (link, order) => pingOver(tests, link, order),
      trace: (link, order) => traceOver(tests, link, order),
    }),
  };
}

const interfacesOf = ({ links, dataInterface, voiceInterface }: DataPlane): readonly SiteInterface[] => [
  ...links.map((link) => ({ name: link.interface, carries: { link: link.name } })),
  { name: dataInterface, carries: { lan: 'data' } },
  { name: voiceInterface, carries: { lan: 'voice' } },
];
