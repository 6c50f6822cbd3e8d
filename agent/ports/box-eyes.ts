import type {
  InterfaceReading,
  LampReading,
  MachineReading,
  RadioReading,
  TemperatureReading,
} from '../model/box-readings.ts';

/**
 * What support looks at when it asks, and nobody before (M-1). Each is absent where the box has nothing of the kind, and
 * answers undefined where what it has is silent: that is news, not an error.
 */
export interface BoxEyes {
  interfaces?(done: (seen: readonly InterfaceReading[] | undefined) => void): void;
  machine?(done: (seen: MachineReading | undefined) => void): void;
  radio?(done: (seen: RadioReading | undefined) => void): void;
  temperatures?(done: (seen: readonly TemperatureReading[] | undefined) => void): void;
  lamps?(done: (seen: readonly LampReading[] | undefined) => void): void;
}
