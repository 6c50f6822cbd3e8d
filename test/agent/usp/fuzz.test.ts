import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { controllerEndpoint } from '../../../agent/model/management.ts';
import { parsePath } from '../../../agent/usp/path/parse-path.ts';
import { decode, encode } from '../../../agent/usp/wire/codec.ts';
import { type RequestDraft, readMessage, readRecord, writeMessage } from '../../../agent/usp/wire/message.ts';
import { RequestShape } from '../../../agent/usp/wire/request-shapes.ts';
import { createSimRandom } from '../../../hw-sim/site/sim-random.ts';
import { AGENT, createDesk, get, required } from './desk.ts';

/** A million by `USP_FUZZ=1000000`; the suite takes a sample of the same. */
const MUTANTS = Number(process.env.USP_FUZZ ?? 8_000);
const HEAP = 64 * 1_024 * 1_024;

const me = controllerEndpoint('support-2');
const HONEST: readonly RequestDraft[] = [
  get('Device.', 'Device.LocalAgent.Controller.[AssignedRole+.Name=="client"].EndpointID'),
  { getSupportedDm: { objPaths: ['Device.'], returnParams: true } },
  { getInstances: { objPaths: ['Device.LocalAgent.'] } },
  {
    set: {
      allowPartial: true,
      updateObjs: [{ objPath: 'Device.DeviceInfo.', paramSettings: required({ FriendlyName: 'x' }) }],
    },
  },
  {
    add: {
      createObjs: [
        {
          objPath: 'Device.LocalAgent.Subscription.',
          paramSettings: required({ ID: 'x', Enable: 'true', ReferenceList: 'Device.' }),
        },
      ],
    },
  },
  { delete: { objPaths: ['Device.LocalAgent.Subscription.*.'] } },
  {
    operate: {
      command: 'Device.LocalAgent.Controller.2.ScheduleTimer()',
      sendResp: true,
      inputArgs: { DelaySeconds: '5' },
    },
  },
  { notify: { subscriptionId: 'x', event: { objPath: 'Device.', eventName: 'Boot!', params: { a: 'b' } } } },
];

describe('whatever comes over the wire (M-7, security line 21)', () => {
  it('mutated records and messages end nothing, grow nothing, and the next question has its answer', {
    timeout: 3_600_000,
  }, () => {
    const dice = createSimRandom('usp-fuzz');
    const desk = createDesk();
    const seeds = HONEST.map((request, index) => writeMessage({ from: me, to: AGENT }, `m${index}`, { request }));
    let [understood, before] = [0, 0];
    for (let mutant = 0; mutant < MUTANTS; mutant += 1) {
      const bytes = Uint8Array.from(dice.pick([seeds[0] ?? new Uint8Array(), ...seeds.slice(1)]));
      const changes = 1 + Math.floor(dice.fraction() * 4);
      for (let n = 0; n < changes; n += 1)
        bytes[Math.floor(dice.fraction() * bytes.length)] = Math.floor(dice.fraction() * 256);
      const cut = dice.chance(0.2) ? bytes.slice(0, Math.floor(dice.fraction() * bytes.length)) : bytes;
      desk.see({ mono: 1_000_000 + mutant * 25 });
      if (desk.say('support-2', cut).length > 0) understood += 1;
      desk.all.length = 0;
      if (mutant === Math.floor(MUTANTS / 2)) before = process.memoryUsage().heapUsed;
    }
    // A fuzzer that nobody understands tests the first line alone.
    expect(understood).toBeGreaterThan(MUTANTS / 4);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(HEAP);
    expect(desk.state().book.notices.length).toBeLessThanOrEqual(100);
    expect(Object.keys(desk.state().book.rows).length).toBeLessThan(110);
    expect(desk.ask(get('Device.Time.Status')).response?.getResp?.reqPathResults[0]?.errCode).toBe(0);
  });

  it('bytes of no meaning are no record and no message, never an error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        readRecord(bytes);
        readMessage(bytes);
      }),
      { numRuns: 5_000 },
    );
    expect(readRecord(new Uint8Array(300_000))).toBeUndefined();
  });

  it('paths of any text are read or refused, in the time of their length', () => {
    const piece = fc.constantFrom(
      'Device',
      '.',
      '[',
      ']',
      '"',
      '&&',
      '==',
      '*',
      '+',
      '#',
      '1',
      'A',
      '()',
      '!',
      '%22',
      '<',
      '~=',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const path = parsePath(`Device.${pieces.join('')}`);
        expect(path === undefined || path.steps.length <= 33).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  it('what is written is read as it was, maps with any key among it', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 20 });
    fc.assert(
      fc.property(text, fc.dictionary(text, text), fc.boolean(), (command, inputArgs, sendResp) => {
        const read = decode(RequestShape, encode(RequestShape, { operate: { command, sendResp, inputArgs } }));
        expect(read).toEqual({ operate: { command, commandKey: '', sendResp, inputArgs: { ...inputArgs } } });
      }),
    );
    const odd = JSON.parse('{"__proto__":"x"}');
    expect(
      Object.keys(
        decode(RequestShape, encode(RequestShape, { operate: { inputArgs: odd } }))?.operate?.inputArgs ?? {},
      ),
    ).toEqual(['__proto__']);
  });

  it('the codec makes no functions of text', () => {
    const source = `
      import protobuf from 'protobufjs/minimal.js';
      const writer = protobuf.Writer.create().uint32(10).string('x');
      const reader = protobuf.Reader.create(writer.finish());
      reader.uint32();
      process.stdout.write(reader.string());
    `;
    const flags = ['--disallow-code-generation-from-strings', '--input-type=module', '--eval', source];
    expect(spawnSync(process.execPath, flags, { encoding: 'utf8' }).stdout).toBe('x');
  });
});
