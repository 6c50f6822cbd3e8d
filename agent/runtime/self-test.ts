import type { Devices } from '../ports/devices.ts';
import type { Sight } from '../usp/sight.ts';

type Verdict = Readonly<Record<'Status' | 'Results', string>>;

/** Looks at everything that can be wrong here and says it line by line, worst first (TR-181 `SelfTestDiagnostics()`). */
export function selfTest(devices: Devices, sight: () => Sight, done: (output: Verdict) => void): void {
  devices.signal((signal) =>
    devices.power((power) => {
      const seen = sight();
      const lines: readonly (readonly [well: boolean, says: string])[] = [
        ...seen.links.map(
          ({ name, answers, answered, lost }) =>
            [answers !== false, `link ${name}: ${answered} probes answered, ${lost} lost`] as const,
        ),
        [seen.ledger.recording, `ledger: ${seen.ledger.size} records, ${seen.ledger.received} received by the central`],
        [
          !seen.credit.limited,
          `credit: ${seen.credit.microEuro} micro-euro, ${seen.credit.bundleSeconds} s of the bundle`,
        ],
        [seen.clock === 'synced', `clock: ${seen.clock}`],
        [
          power === undefined || power.mains,
          power ? `mains: ${power.mains}, battery ${power.batteryPercent} %` : 'mains: no UPS',
        ],
        [true, signal ? `modem: ${signal.rssiDbm ?? 'unknown'} dBm` : 'modem: none'],
        ...(seen.lamps
          ? [[true, `lamps: box ${seen.lamps.box}, access ${seen.lamps.access}, alarm ${seen.lamps.alarm}`] as const]
          : []),
      ];
      const worstFirst = lines.toSorted(([one], [other]) => Number(one) - Number(other));
      const well = lines.every(([good]) => good);
      done({
        Status: well ? 'Complete' : 'Error_Other',
        Results: worstFirst.map(([good, says]) => `${good ? 'ok' : 'WRONG'} ${says}`).join('\n'),
      });
    }),
  );
}
