import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import type { Notify } from '../../../agent/usp/wire/message.ts';
import type { OpenController } from '../../support/open-controller.ts';
import { DONE, FAILED, type Terminal } from '../command.ts';
import { beginCommand, FAX } from './fax-rows.ts';

/** What a device told, and whoever waits for it. */
export type Told = { readonly hear: (notify: Notify) => void; readonly next: () => Promise<Notify | undefined> };

const PATIENCE = 15_000;

export function createTold(): Told {
  const heard: Notify[] = [];
  let wake: () => void = () => undefined;
  return {
    hear(notify) {
      heard.push(notify);
      wake();
    },
    async next() {
      if (heard.length === 0) {
        await new Promise<void>((done) => {
          const patience = setTimeout(done, PATIENCE);
          wake = () => {
            clearTimeout(patience);
            done();
          };
        });
      }
      return heard.shift();
    },
  };
}

type Wish = { readonly device: string; readonly fax: string; readonly file: string };

/** Fetches the PDF of a fax that came in, piece by piece, and writes it when its length and SHA-256 fit. */
export async function readFax(link: OpenController, told: Told, wish: Wish, terminal: Terminal): Promise<number> {
  const { device, fax, file } = wish;
  const command = `${FAX}Received.${fax}.Read()`;
  const subscription = await subscribe(link, device, command);
  const fail = (why: string): number => {
    terminal.err(`relais support fax-read: ${why}`);
    return FAILED;
  };
  if (subscription === undefined) return fail(`${device} does not answer, or tells nothing of ${command}`);
  const pieces: Buffer[] = [];
  try {
    for (let offset = 0; ; ) {
      const begun = await beginCommand(link, device, command, { Offset: String(offset) });
      if ('refused' in begun) return fail(begun.refused);
      const end = 'silent' in begun ? undefined : (await told.next())?.operComplete;
      if (end === undefined) return fail(`${device} does not answer; run the same command again`);
      if (end.cmdFailure) return fail(`${end.cmdFailure.errCode} ${end.cmdFailure.errMsg}`);
      const { Octets = '', Bytes = '0', SHA256 = '' } = end.reqOutputArgs?.outputArgs ?? {};
      pieces.push(Buffer.from(Octets, 'base64'));
      offset += pieces.at(-1)?.length ?? 0;
      if (offset < Number(Bytes) && Octets !== '') continue;
      const whole = Buffer.concat(pieces);
      if (createHash('sha256').update(whole).digest('hex') !== SHA256)
        return fail('what came is not whole; run the same command again');
      writeFileSync(file, whole, { mode: 0o600 });
      terminal.out(`${file}: ${whole.length} octets`);
      return DONE;
    }
  } finally {
    await link.ask(device, { delete: { allowPartial: true, objPaths: [subscription] } });
  }
}

async function subscribe(link: OpenController, device: string, command: string): Promise<string | undefined> {
  const settings = { Enable: 'true', NotifType: 'OperationComplete', ReferenceList: command, TimeToLive: '3600' };
  const paramSettings = Object.entries(settings).map(([param, value]) => ({ param, value, required: true }));
  const objPath = 'Device.LocalAgent.Subscription.';
  const reply = await link.ask(device, { add: { allowPartial: false, createObjs: [{ objPath, paramSettings }] } });
  if (reply.is !== 'response') return undefined;
  return reply.response.addResp?.createdObjResults[0]?.operStatus?.operSuccess?.instantiatedPath;
}
