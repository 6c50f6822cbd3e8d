import { never } from '../../agent/model/never.ts';
import { takeRecords } from './intake.ts';
import { lend } from './leases.ts';
import { lineOrdersFor, nextLineOrders, tellLineOrders } from './line-orders.ts';
import { inviteWishes, recallAll, recallIfOver } from './recalls.ts';
import { welcomeTo } from './replies.ts';
import { changeSuspensions, suspensionsFor } from './suspensions.ts';
import { withTroubles } from './troubles.ts';
import { pinKey, witness } from './witness.ts';
import {
  type Answer,
  type CentralEffect,
  type CentralInput,
  type CentralState,
  emptyStream,
  type Greeted,
  keep,
  streamKey,
  type Warning,
  type World,
  warn,
} from './words.ts';
import { writeOff } from './write-off.ts';

/** The central rating service: one piece of news at a time, decided without a clock, a store or a wire. */
export function stepCentral(state: CentralState, input: CentralInput, world: World): Answer {
  const [after, effects] = decide(state, input, world);
  return [after, withTroubles(effects, 'now' in input ? input.now : 0)];
}

function decide(state: CentralState, input: CentralInput, world: World): Answer {
  switch (input.on) {
    case 'hello-came':
      return greet(state, input, world);
    case 'records-came':
      return nextLineOrders(state, freeCredit(takeRecords(state, input, world), input, world), input.site, world);
    case 'lease-requested':
      return lend(state, input, world);
    case 'checkpoint-came':
      return witness(state, input, world);
    case 'telemetry-came':
      return [
        state,
        [
          keep({ keep: 'telemetry', telemetry: input.telemetry, at: input.now }),
          ...recallIfOver(state, input.site, world),
        ],
      ];
    case 'written-off':
      return writeOff(state, input, world);
    case 'message-unreadable':
      return [state, [warn({ of: 'message-unreadable', topic: input.topic, why: input.why })]];
    case 'link-came-up':
      return [
        state,
        [
          ...welcomes(input.greeted, input.now, world),
          ...Object.keys(state.accounts).flatMap((account) => recallAll(state, account, world)),
        ],
      ];
    case 'suspensions-changed':
      return changeSuspensions(state, input, world);
    case 'line-orders-changed':
      return [state, tellLineOrders(state, input.account, world)];
    case 'account-changed':
      return changeAccount(state, input, world);
    default:
      return never(input);
  }
}

type On<Kind extends CentralInput['on']> = Extract<CentralInput, { on: Kind }>;

/** C-3: what came back is told to the sites that lack it. */
function freeCredit([state, effects]: Answer, { site }: On<'records-came'>, world: World): Answer {
  const came = effects.some((effect) => effect.do === 'keep' && effect.row.keep === 'return');
  return [state, came ? [...effects, ...inviteWishes(state, site.account, world, site.device)] : effects];
}

function greet(state: CentralState, { site, hello, now }: On<'hello-came'>, world: World): Answer {
  const account = state.accounts[site.account];
  if (account === undefined) {
    return [state, [warn({ of: 'account-unknown', device: site.device, account: site.account })]];
  }
  const stream = state.streams[streamKey(hello.device, hello.epoch)] ?? emptyStream();
  const pinned = pinKey(state, site, hello.deviceKey, world);
  const key = pinned.deviceKeys[hello.device];
  const greeted = { ...state.greeted, [hello.device]: hello.epoch };
  const told = { device: hello.device, held: stream.size, told: hello.size };
  const warnings: Warning[] = [];
  // A store that holds less than it once sent was lost in part or restored; another head is another history (D-2).
  if (hello.size < stream.size) warnings.push({ of: 'rolled-back', ...told });
  if (hello.size === stream.size && hello.head !== stream.head) warnings.push({ of: 'forked', ...told });
  // Another key than the first is another box, or somebody with its password: nothing that it signs is countersigned.
  const refusedKey = hello.deviceKey !== undefined && hello.deviceKey !== key ? hello.deviceKey : undefined;
  if (refusedKey !== undefined) warnings.push({ of: 'device-key-refused', device: hello.device, key: refusedKey });
  const learned =
    key !== undefined && pinned !== state ? [keep({ keep: 'device-key', device: hello.device, key, at: now })] : [];
  const after = { ...pinned, greeted };
  return [
    after,
    [
      keep({ keep: 'greeting', hello, at: now }),
      ...learned,
      ...warnings.map(warn),
      welcomeTo(site, hello.epoch, stream, { now, cycle: account.cycle }),
      ...recallIfOver(after, site, world),
      ...suspensionsFor(after, hello.device, world),
      ...lineOrdersFor(after, hello.device, world),
    ],
  ];
}

/** C-1: a cap may be raised or lowered at once; M1: a cycle is opened by this order alone, and never again. */
function changeAccount(state: CentralState, { account, entry, now }: On<'account-changed'>, world: World): Answer {
  const before = state.accounts[account];
  if (before?.capMicroEuro === entry.capMicroEuro && before.cycle === entry.cycle) return [state, []];
  if (before !== undefined && entry.cycle < before.cycle) {
    return [state, [warn({ of: 'cycle-refused', account, cycle: entry.cycle })]];
  }
  const after = { ...state, accounts: { ...state.accounts, [account]: entry } };
  const renewed = before !== undefined && entry.cycle > before.cycle;
  const greeted = renewed ? greetedIn(after, account, world) : [];
  const freed = before !== undefined && entry.capMicroEuro > before.capMicroEuro;
  const told = freed ? inviteWishes(after, account, world) : recallAll(after, account, world);
  return [after, [keep({ keep: 'account', account, entry, at: now }), ...welcomes(greeted, now, world), ...told]];
}

/** Every site that was heard of and is concerned learns what is held of it, and which cycle is open. */
function welcomes(greeted: readonly Greeted[], now: number, world: World): readonly CentralEffect[] {
  return greeted.flatMap(({ device, epoch, size, head, cycle }) => {
    const site = world.book.get(device);
    return site === undefined ? [] : [welcomeTo(site, epoch, { size, head }, { now, cycle })];
  });
}

function greetedIn(state: CentralState, account: string, world: World): readonly Greeted[] {
  const cycle = state.accounts[account]?.cycle;
  if (cycle === undefined) return [];
  return Object.entries(state.greeted)
    .filter(([device]) => world.book.get(device)?.account === account)
    .map(([device, epoch]) => {
      const { size, head } = state.streams[streamKey(device, epoch)] ?? emptyStream();
      return { device, epoch, size, head, cycle };
    });
}
