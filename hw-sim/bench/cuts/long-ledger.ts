import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { openDeviceKey } from '../../../agent/edge/device-key.ts';
import { openSqliteCheckpoints } from '../../../agent/edge/sqlite-checkpoints.ts';
import { openSqliteStore } from '../../../agent/edge/sqlite-store.ts';
import { systemClock, systemRandom } from '../../../agent/edge/system-clock.ts';
import type { Dialog, LedgerEvent } from '../../../agent/model/record.ts';
import type { SiteConfig } from '../../../agent/model/site-config.ts';
import { contractOf } from '../../../agent/rating/credit/contract.ts';
import { type Evidence, openEvidence } from '../../../agent/runtime/evidence.ts';
import { type Ledger, openLedger } from '../../../agent/runtime/ledger.ts';
import { createTurns } from '../../../agent/runtime/turns.ts';

const fatal = (fault: Error): never => {
  throw fault;
};
const BATCH = 498;
/** The first start is to read everything. */
const NO_POINT = { read: () => undefined, keep: () => undefined, forget: () => undefined };

/** Fills an empty state directory with a ledger of about so many records, as the agent writes them, signed at its end. */
export async function writeLongLedger(directory: string, config: SiteConfig, records: number): Promise<number> {
  const store = await openSqliteStore(join(directory, 'usage.db'), fatal);
  const checkpoints = await openSqliteCheckpoints(join(directory, 'checkpoints.db'), fatal);
  const turns = createTurns();
  const ports = {
    ...{ store, startPoint: NO_POINT, checkpoints, signing: openDeviceKey(join(directory, 'device.key')) },
    ...{ clock: systemClock(), random: systemRandom() },
    sha256: (text: string) => createHash('sha256').update(text, 'utf8').digest('hex'),
    boot: { id: 'long ago', software: 'relais bench', quality: () => 'synced' as const },
    journal: { step: () => undefined, fault: () => undefined },
  };
  const needs = { ports, turns, device: config.device.id, contract: contractOf(config) };
  const quiet = () => undefined;
  const ledger = await new Promise<Ledger>((ready) =>
    openLedger({ ...needs, basis: '', changed: quiet, grown: quiet }, ready),
  );
  const line = config.lines[0]?.number ?? '';
  let written = 0;
  for (let call = 0; written < records; call += BATCH / 3) {
    await new Promise<void>((durable) =>
      turns(() => {
        for (let one = call; one < call + BATCH / 3; one += 1)
          for (const event of callOf(one, line, config))
            ledger.append(event, one === call + BATCH / 3 - 1 ? durable : undefined);
      }),
    );
    written = ledger.durable().size;
  }
  const evidence = await new Promise<Evidence>((ready) =>
    openEvidence({ config, ports, turns, ledger, publish: quiet }, ready),
  );
  await new Promise<void>((asleep) => turns(() => evidence.sleep(asleep)));
  ledger.stop();
  await new Promise<void>((done) => store.close(done));
  await new Promise<void>((done) => checkpoints.close(done));
  return written;
}

/** Admitted, answered, ended: what a call to a line of the bundle leaves behind. */
function callOf(number: number, line: string, config: SiteConfig): readonly LedgerEvent[] {
  const call = number.toString(16).padStart(16, '0');
  const parties = {
    direction: 'outgoing',
    caller: line,
    called: `01990${String(number % 100_000).padStart(5, '0')}`,
  } as const;
  const dialog = dialogOf(call, line);
  const media = { address: '192.168.10.10', port: 16_384, codec: 'PCMA' };
  const began = 1_795_000_000_000 + number * 1_000;
  return [
    {
      ...{ kind: 'call-admitted', call, ...parties, class: 'geographic', link: config.links[0]?.name ?? '' },
      ...{ reserved: { bundleSeconds: 0, paidSeconds: 0, ticks: 0 }, dialog, media },
    },
    { kind: 'call-answered', call, dialog, media },
    {
      ...{ kind: 'call-ended', call, ...parties, class: 'geographic', links: [config.links[0]?.name ?? ''] },
      ...{ startedAt: began, answeredAt: began + 2_000, endedAt: began + 62_000, seconds: 60 },
      ...{ cause: 'caller-hung-up', sipStatus: 200, codec: 'PCMA', complete: true },
    },
  ];
}

const dialogOf = (call: string, line: string): Dialog => ({
  ...{ sipCallId: `${call}@192.168.10.10`, server: 'voice', phone: { address: '192.168.10.10', port: 5060 } },
  phoneParty: `<sip:${line}@203.0.113.10>;tag=${call}`,
  networkParty: `<sip:0199000001@203.0.113.10>;tag=b${call}`,
  phoneContact: '<sip:front@192.168.10.10:5060>',
  networkContact: '<sip:server@203.0.113.10:5060>',
  ...{ recordRoute: ['<sip:203.0.113.10:5060;lr>'], phoneSequence: 1, networkSequence: 0 },
});
