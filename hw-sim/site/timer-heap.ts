/** A timer in the queue; `fire` is taken away when it is canceled or has fired. */
export type Timer = { readonly at: number; readonly order: number; fire: (() => void) | undefined };

/** A binary heap over a plain array: earliest first, and of equal instants the one that was made first. */
export type TimerHeap = Timer[];

const before = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

export function pushTimer(heap: TimerHeap, timer: Timer): void {
  let hole = heap.length;
  heap.push(timer);
  while (hole > 0) {
    const above = (hole - 1) >> 1;
    const parent = heap[above];
    if (parent === undefined || before(parent, timer)) break;
    heap[hole] = parent;
    hole = above;
  }
  heap[hole] = timer;
}

export function popTimer(heap: TimerHeap): Timer | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (last !== undefined && heap.length > 0) sink(heap, last, 0);
  return first;
}

/** Throws canceled timers out, so that a queue of short-lived patience timers stays short. */
export function compactTimers(heap: TimerHeap): void {
  const alive = heap.filter((timer) => timer.fire !== undefined);
  heap.length = 0;
  for (const timer of alive) pushTimer(heap, timer);
}

function sink(heap: TimerHeap, timer: Timer, from: number): void {
  const size = heap.length;
  let hole = from;
  for (let below = 2 * hole + 1; below < size; below = 2 * hole + 1) {
    let child = heap[below];
    const right = heap[below + 1];
    if (child === undefined) break;
    if (right !== undefined && before(right, child)) {
      child = right;
      below += 1;
    }
    if (before(timer, child)) break;
    heap[hole] = child;
    hole = below;
  }
  heap[hole] = timer;
}
