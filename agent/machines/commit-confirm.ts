import { never } from '../model/never.ts';
import type { TakenBack } from '../model/services-changed.ts';
import type {
  CommitConfirm,
  CommitEffect,
  CommitEvent,
  CommitJournal,
  CommitPatience,
  Trying,
} from './commit-words.ts';

/*
 *  starting ─applied─▶ settled ─wanted─▶ noting ─kept─▶ applying ─applied─▶ reaching ─reached─▶ on-trial
 *     │                  ▲  ▲                              │                   │                   │ confirmed
 *     │ interrupted      │  └───────────kept────────── confirming ◀──cannot cut┘───────────────────┘
 *     ▼                  │                                 ▼ whatever fails, or takes too long
 *  clearing ────kept─────┘ ◀──────────applied────────── undoing
 *
 * The journal names what is committed and, before anything is applied, what is tried. Whoever starts applies what is
 * committed: a power cut in any state ends with the old configuration, or with the new one that was confirmed (M-2).
 */

type Step<Config> = readonly [CommitConfirm<Config>, readonly CommitEffect<Config>[]];

/** The first step of a life: what is committed is put in place, whatever the kernel still has. */
export function startCommitConfirm<Config>({ committed, last, trial }: CommitJournal<Config>): Step<Config> {
  const state = { at: 'starting', committed, last, attempt: 1, ...(trial && { interrupted: trial }) } as const;
  return [state, [{ do: 'apply', config: committed, attempt: 1 }]];
}

export function stepCommitConfirm<Config>(
  state: CommitConfirm<Config>,
  event: CommitEvent<Config>,
  patience: CommitPatience,
): Step<Config> {
  if ('attempt' in event && event.attempt !== state.attempt) return [state, []];
  switch (state.at) {
    case 'starting':
      return onStarting(state, event, patience);
    case 'settled':
      return onSettled(state, event, patience);
    case 'noting':
    case 'applying':
    case 'reaching':
    case 'on-trial':
      return onTrying(state, event, patience);
    case 'confirming':
      return onConfirming(state, event);
    case 'undoing':
      return onUndoing(state, event, patience);
    case 'clearing':
      return onClearing(state, event, patience);
    default:
      return never(state);
  }
}

type At<Config, Name> = Extract<CommitConfirm<Config>, { readonly at: Name }>;

function onStarting<C>(state: At<C, 'starting'>, event: CommitEvent<C>, { tryAgain }: CommitPatience): Step<C> {
  const { committed, last, attempt, interrupted } = state;
  if (event.on === 'apply-failed') return [state, [{ do: 'wait', name: 'again', for: tryAgain }]];
  if (event.on === 'waited' && event.name === 'again') {
    const next = attempt + 1;
    return [{ ...state, attempt: next }, [{ do: 'apply', config: committed, attempt: next }]];
  }
  if (event.on !== 'applied') return [state, []];
  if (interrupted === undefined) return [{ at: 'settled', committed, last, attempt }, []];
  return clear({ committed, last, attempt, trial: interrupted }, 'restarted');
}

/** Two changes at once are refused: `wanted` is heard here and nowhere else. */
function onSettled<C>(state: At<C, 'settled'>, event: CommitEvent<C>, patience: CommitPatience): Step<C> {
  const { committed, last } = state;
  const attempt = state.attempt + 1;
  if (event.on === 'put-back')
    return [{ at: 'starting', committed, last, attempt }, [{ do: 'apply', config: committed, attempt }]];
  if (event.on !== 'wanted') return [state, []];
  const { by, wanted, cuts } = event;
  const trial = { id: last + 1, by, wanted, cuts };
  return [
    { at: 'noting', committed, last: trial.id, attempt, trial },
    [
      { do: 'keep', journal: { committed, last: trial.id, trial }, attempt },
      { do: 'wait', name: 'trial', for: patience.confirmWithin },
    ],
  ];
}

type Hopeful<C> = At<C, 'noting'> | At<C, 'applying'> | At<C, 'reaching'> | At<C, 'on-trial'>;

function onTrying<C>(state: Hopeful<C>, event: CommitEvent<C>, patience: CommitPatience): Step<C> {
  if (event.on === 'waited' && event.name === 'trial')
    return undo(state, state.at === 'on-trial' ? 'not-confirmed' : 'unreachable');
  switch (state.at) {
    case 'noting':
      return onNoting(state, event);
    case 'applying':
      return onApplying(state, event, patience);
    case 'reaching':
      if (event.on === 'waited' && event.name === 'reach') return undo(state, 'unreachable');
      return event.on === 'reached' ? [{ ...state, at: 'on-trial' }, []] : [state, []];
    case 'on-trial':
      return event.on === 'confirmed' && event.change === state.trial.id ? confirm(state) : [state, []];
    default:
      return never(state);
  }
}

function onNoting<C>(state: At<C, 'noting'>, event: CommitEvent<C>): Step<C> {
  if (event.on === 'keep-failed') return undo(state, 'not-written');
  if (event.on !== 'kept') return [state, []];
  const attempt = state.attempt + 1;
  return [{ ...state, at: 'applying', attempt }, [{ do: 'apply', config: state.trial.wanted, attempt }]];
}

function onApplying<C>(state: At<C, 'applying'>, event: CommitEvent<C>, patience: CommitPatience): Step<C> {
  const { trial } = state;
  if (event.on === 'apply-failed') return undo(state, 'refused');
  if (event.on !== 'applied') return [state, []];
  if (!trial.cuts) return confirm(state);
  const reach: CommitEffect<C> = { do: 'wait', name: 'reach', for: patience.reachWithin };
  return [{ ...state, at: 'reaching' }, [{ do: 'tell', what: 'on-trial', trial }, { do: 'renew' }, reach]];
}

function confirm<C>({ committed, last, attempt, trial }: Trying<C>): Step<C> {
  const next = attempt + 1;
  return [
    { at: 'confirming', committed, last, attempt: next, trial },
    [{ do: 'keep', journal: { committed: trial.wanted, last }, attempt: next }],
  ];
}

/** Only what is written down to stay is committed. */
function onConfirming<C>(state: At<C, 'confirming'>, event: CommitEvent<C>): Step<C> {
  const { trial, last, attempt } = state;
  if (event.on === 'keep-failed') return undo(state, 'not-written');
  if (event.on !== 'kept') return [state, []];
  return [
    { at: 'settled', committed: trial.wanted, last, attempt },
    [{ do: 'stop-waiting' }, { do: 'tell', what: 'committed', trial }],
  ];
}

/** The way back, until the data plane takes it: nothing else may happen before. */
function onUndoing<C>(state: At<C, 'undoing'>, event: CommitEvent<C>, { tryAgain }: CommitPatience): Step<C> {
  if (event.on === 'apply-failed') return [state, [{ do: 'wait', name: 'again', for: tryAgain }]];
  if (event.on === 'waited' && event.name === 'again') {
    const attempt = state.attempt + 1;
    return [{ ...state, attempt }, [{ do: 'apply', config: state.committed, attempt }]];
  }
  if (event.on !== 'applied') return [state, []];
  const [next, effects] = clear(state, state.why);
  return [next, state.trial.cuts ? [{ do: 'renew' }, ...effects] : effects];
}

function onClearing<C>(state: At<C, 'clearing'>, event: CommitEvent<C>, { tryAgain }: CommitPatience): Step<C> {
  const { committed, last, attempt, trial, why } = state;
  // Until this is written a restart would do the same again: nothing is lost by waiting.
  if (event.on === 'keep-failed') return [state, [{ do: 'wait', name: 'again', for: tryAgain }]];
  if (event.on === 'waited' && event.name === 'again') return clear({ committed, last, attempt, trial }, why);
  if (event.on !== 'kept') return [state, []];
  return [{ at: 'settled', committed, last, attempt }, [{ do: 'tell-taken-back', trial, why }]];
}

function undo<C>({ committed, last, attempt, trial }: Trying<C>, why: TakenBack): Step<C> {
  const next = attempt + 1;
  return [
    { at: 'undoing', committed, last, attempt: next, trial, why },
    [{ do: 'stop-waiting' }, { do: 'apply', config: committed, attempt: next }],
  ];
}

function clear<C>({ committed, last, attempt, trial }: Trying<C>, why: TakenBack): Step<C> {
  const next = attempt + 1;
  return [
    { at: 'clearing', committed, last, attempt: next, trial, why },
    [{ do: 'keep', journal: { committed, last }, attempt: next }],
  ];
}
