import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { simPortsOf } from '../../agent/commands/sim-ports.ts';
import { createHttpsPost } from '../../agent/edge/https-post.ts';
import { openSwapJournal } from '../../agent/edge/swap-journal-file.ts';
import { systemClock } from '../../agent/edge/system-clock.ts';
import { seconds } from '../../agent/model/units.ts';
import type { Notify, Response } from '../../agent/usp/wire/message.ts';
import { createModem } from '../../firmware-ts/devices/modem.ts';
import { serialPath } from '../../firmware-ts/wires/node/serial-line.ts';
import { NEW, OLD, prepareEuicc } from '../../hw-sim/bench/sim-cuts/prepared-euicc.ts';
import { createAtModem } from '../../hw-sim/devices/at-modem.ts';
import { cardOf, ORANGE, SFR } from '../../hw-sim/devices/at-modem-state.ts';
import { createPty } from '../../hw-sim/devices/pty.ts';
import { createEuicc } from '../../hw-sim/uicc/create-euicc.ts';
import { insertEuicc } from '../../hw-sim/uicc/insert-euicc.ts';
import type { OpenController } from '../../provisioning/support/open-controller.ts';
import { DEVICE, openManagedSite } from './managed-site.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});
const patience = { timeout: 100_000, interval: 200 };
const PIN = '739146';

/** A simulated modem on a pty of the kernel, in it an eUICC with two profiles, OLD at work. */
async function openMobileSite() {
  const place = mkdtempSync(join(tmpdir(), 'relais-esim-'));
  ends.push(() => rmSync(place, { recursive: true }));
  const pty = await createPty();
  ends.push(() => pty.close());
  const modem = createAtModem(pty.end, { family: 'EC25' });
  const prepared = prepareEuicc();
  const card = createEuicc(prepared.pki);
  card.become(prepared.both);
  modem.set({ networks: [ORANGE, SFR], contexts: { 1: { type: 'IPV4V6', accessPoint: 'orange.fr', up: true } } });
  insertEuicc(modem, card, { slot: 0 });
  const radio = createModem(serialPath(pty.path, 115_200), systemClock());
  ends.push(() => radio.close());
  const sim = simPortsOf(radio, {
    https: createHttpsPost({ roots: [], patience: seconds(5) }),
    journal: openSwapJournal(join(place, 'sim-swap.json')),
    smsBook: openSwapJournal(join(place, 'sms.json')),
  });
  const site = await openManagedSite({ sim });
  ends.push(() => site.close());
  return { site, modem };
}

async function answer(link: OpenController, request: Parameters<OpenController['ask']>[1]): Promise<Response> {
  const reply = await link.ask(DEVICE, request);
  if (reply.is !== 'response') throw new Error(JSON.stringify(reply));
  return reply.response;
}

describe('S-1, M-1: support moves the mobile line to another profile, over a real broker and a serial line', () => {
  it('the card is changed, progress and end are told, the record says who and why, the PIN stands nowhere, and who may only read is refused', {
    timeout: 150_000,
  }, async () => {
    const { site, modem } = await openMobileSite();
    const told: Notify[] = [];
    const link = await site.controller('second', (notify) => told.push(notify));
    const subscribe = (ID: string, NotifType: string, ReferenceList: string) => ({
      objPath: 'Device.LocalAgent.Subscription.',
      paramSettings: Object.entries({ ID, NotifType, ReferenceList, Enable: 'true' }).map(([param, value]) => ({
        ...{ param, value, required: true },
      })),
    });
    await answer(link, {
      add: {
        createObjs: [
          subscribe('progress', 'ValueChange', 'Device.X_RELAIS_ESIM.Status'),
          subscribe('end', 'OperationComplete', 'Device.X_RELAIS_ESIM.Enable()'),
        ],
      },
    });
    const profiles = async (): Promise<Readonly<Record<string, string>>> => {
      const paramPaths = [
        'Device.TrustedElements.SIM.1.Profile.*.ICCID',
        'Device.TrustedElements.SIM.1.Profile.*.State',
      ];
      const got = await answer(link, { get: { paramPaths } });
      const rows: Record<string, Record<string, string>> = {};
      for (const { resolvedPathResults } of got.getResp?.reqPathResults ?? [])
        for (const { resolvedPath, resultParams } of resolvedPathResults)
          rows[resolvedPath] = { ...rows[resolvedPath], ...resultParams };
      return Object.fromEntries(Object.entries(rows).map(([path, { ICCID, State }]) => [`${ICCID} ${State}`, path]));
    };
    await expect.poll(profiles, patience).toHaveProperty(`${NEW.iccid} Inactive`);
    const inputArgs = {
      ...{ Profile: (await profiles())[`${NEW.iccid} Inactive`] ?? '', Reason: 'support', AccessPoint: 'sfr', PIN },
    };
    const command = 'Device.X_RELAIS_ESIM.Enable()';
    const reader = await site.controller('first');
    const refused = await answer(reader, { operate: { command, commandKey: 'move', sendResp: true, inputArgs } });
    expect(refused.operateResp?.operationResults[0]?.cmdFailure?.errCode).toBe(7006);
    expect(cardOf(modem.state())?.iccid).toBe(OLD.iccid);
    const begun = await answer(link, { operate: { command, commandKey: 'move', sendResp: true, inputArgs } });
    expect(begun.operateResp?.operationResults[0]?.reqObjPath).toMatch(/^Device\.LocalAgent\.Request\.\d+\.$/);
    const end = () => {
      site.box.tick();
      return told.find(({ operComplete }) => operComplete !== undefined)?.operComplete;
    };
    await expect.poll(end, patience).toMatchObject({
      commandKey: 'move',
      reqOutputArgs: { outputArgs: { Status: 'Complete', Outcome: 'swapped', From: OLD.iccid, To: NEW.iccid } },
    });
    await expect
      .poll(() => told.flatMap(({ valueChange }) => valueChange?.paramValue ?? []), patience)
      .toEqual(['Swapping', 'Idle']);
    expect(cardOf(modem.state())?.iccid).toBe(NEW.iccid);
    await expect.poll(profiles, patience).toHaveProperty(`${NEW.iccid} Active`);
    const events = () => site.bodies().map((body) => JSON.parse(body).event);
    expect(events().filter(({ kind }) => kind === 'sim-swapped')).toMatchObject([
      { stage: 'begun', by: 'self::support.second', reason: 'support', from: OLD.iccid, to: NEW.iccid },
      { stage: 'ended', by: 'self::support.second', outcome: 'swapped', from: OLD.iccid, to: NEW.iccid },
    ]);
    expect(events()).toContainEqual(
      expect.objectContaining({ kind: 'support-action', action: 'operate', paths: [command], outcome: 0 }),
    );
    // S-8
    expect(JSON.stringify([site.bodies(), site.faults, told])).not.toContain(PIN);
  });
});
