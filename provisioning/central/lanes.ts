type LaneSettings<Task> = {
  /** Keys that are worked on at once; of each key only one batch. */
  readonly width: number;
  /** The most tasks that one batch takes. */
  readonly batch: number;
  readonly perform: (key: string, tasks: readonly Task[]) => Promise<void>;
  /** Work failed: nothing more is begun. */
  readonly fail: (error: unknown) => void;
};

export type Lanes<Task> = {
  put(key: string, task: Task): void;
  /** In front of what waits under the same key. */
  putBack(key: string, tasks: readonly Task[]): void;
  waiting(): number;
  /** Answers when nothing waits and nothing is under way, or when work failed. */
  settled(): Promise<void>;
};

/** Tasks of one key one batch after the other, in the order in which they came; several keys side by side. */
export function createLanes<Task>({ width, batch, perform, fail }: LaneSettings<Task>): Lanes<Task> {
  const queues = new Map<string, Task[]>();
  const busy = new Set<string>();
  let waiting = 0;
  let broken = false;
  let resting: readonly (() => void)[] = [];

  function pump(): void {
    while (!broken && busy.size < width) {
      const key = [...queues.keys()].find((one) => !busy.has(one));
      if (key === undefined) break;
      void work(key, takeFrom(key));
    }
    if (busy.size > 0 || (queues.size > 0 && !broken)) return;
    const done = resting;
    resting = [];
    for (const tell of done) tell();
  }

  /** A key that has more waiting goes behind the others. */
  function takeFrom(key: string): readonly Task[] {
    const queue = queues.get(key) ?? [];
    const taken = queue.splice(0, batch);
    queues.delete(key);
    if (queue.length > 0) queues.set(key, queue);
    waiting -= taken.length;
    return taken;
  }

  async function work(key: string, tasks: readonly Task[]): Promise<void> {
    busy.add(key);
    try {
      await perform(key, tasks);
    } catch (error) {
      broken = true;
      fail(error);
    }
    busy.delete(key);
    pump();
  }

  function add(key: string, tasks: readonly Task[], where: 'in front' | 'behind'): void {
    const queue = queues.get(key) ?? [];
    if (where === 'behind') queue.push(...tasks);
    else queue.unshift(...tasks);
    queues.set(key, queue);
    waiting += tasks.length;
    pump();
  }

  return {
    put: (key, task) => add(key, [task], 'behind'),
    putBack: (key, tasks) => add(key, tasks, 'in front'),
    waiting: () => waiting,
    settled: () =>
      new Promise((done) => {
        resting = [...resting, done];
        pump();
      }),
  };
}
