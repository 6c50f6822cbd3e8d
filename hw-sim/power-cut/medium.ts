import { applied, type Change } from './content.ts';
import type { TraceEvent } from './trace.ts';

/** Files by their path below the root; what a reboot finds. */
export type Files = ReadonlyMap<string, Buffer>;

/** A file as the medium may hold it: `certain` for sure, and any part of `pending` besides. */
export type Node = {
  readonly number: number;
  /** Changes of its whole life that are in `certain`. */
  readonly flushed: number;
  readonly certain: Buffer;
  readonly pending: readonly Change[];
};

export type NameChange =
  | { readonly do: 'create'; readonly path: string; readonly node: number }
  | { readonly do: 'mkdir'; readonly path: string }
  | { readonly do: 'unlink'; readonly path: string }
  | { readonly do: 'rename'; readonly from: string; readonly to: string };

/** Node of each name; a directory has none. */
export type Names = ReadonlyMap<string, number | undefined>;

/** All that is known of the medium at one moment. A name is certain only once its directory was flushed (fsync(2)). */
export type Medium = {
  readonly nodes: ReadonlyMap<number, Node>;
  readonly names: Names;
  readonly pendingNames: readonly NameChange[];
};

type Flush = { readonly changes: number; readonly names: readonly NameChange[] };

/** Replays a trace on a medium that begins with `start`, all of it certain. */
export interface Replay {
  hear(event: TraceEvent): void;
  medium(): Medium;
  /** Every name and every byte as the running system sees it. */
  seen(): Files;
}

export function createReplay(start: Files, flushesCount = true): Replay {
  const nodes = new Map<number, Node>();
  let names = new Map<string, number | undefined>();
  let pendingNames: readonly NameChange[] = [];
  const descriptors = new Map<number, { readonly path: string; readonly node: number | undefined }>();
  const flushes = new Map<number, Flush>();

  const addNode = (certain: Buffer): number => {
    const number = nodes.size;
    nodes.set(number, { number, flushed: 0, certain, pending: [] });
    return number;
  };
  for (const [path, bytes] of start) {
    for (const directory of parentsOf(path)) names.set(directory, undefined);
    names.set(path, addNode(bytes));
  }

  const change = (number: number | undefined, one: Change): void => {
    const node = number === undefined ? undefined : nodes.get(number);
    if (node) nodes.set(node.number, { ...node, pending: [...node.pending, one] });
  };
  const rename = (one: NameChange): void => {
    pendingNames = [...pendingNames, one];
  };

  function open(event: Extract<TraceEvent, { op: 'open' }>): void {
    const now = namesAfter(names, pendingNames);
    let node = now.get(event.path);
    if (event.created) {
      node = addNode(Buffer.alloc(0));
      rename({ do: 'create', path: event.path, node });
    } else if (event.emptied) change(node, { do: 'truncate', size: 0 });
    descriptors.set(event.fd, { path: event.path, node });
  }

  function flushed(fd: number): void {
    const file = descriptors.get(fd);
    const flush = flushes.get(fd);
    if (file === undefined || flush === undefined || !flushesCount) return;
    if (file.node === undefined) {
      const certain = new Set(flush.names);
      names = new Map(
        namesAfter(
          names,
          pendingNames.filter((one) => certain.has(one)),
        ),
      );
      pendingNames = pendingNames.filter((one) => !certain.has(one));
      return;
    }
    const node = nodes.get(file.node);
    const count = node === undefined ? 0 : flush.changes - node.flushed;
    if (node === undefined || count <= 0) return;
    const certain = applied(node.certain, node.pending.slice(0, count));
    nodes.set(node.number, { ...node, flushed: flush.changes, certain, pending: node.pending.slice(count) });
  }

  function beginFlush(fd: number): void {
    const file = descriptors.get(fd);
    if (file === undefined) return;
    const node = file.node === undefined ? undefined : nodes.get(file.node);
    const mine = pendingNames.filter((one) => directoriesOf(one).includes(file.path));
    flushes.set(fd, { changes: node === undefined ? 0 : node.flushed + node.pending.length, names: mine });
  }

  return {
    hear(event) {
      switch (event.op) {
        case 'open':
          return open(event);
        case 'write':
          return change(descriptors.get(event.fd)?.node, { do: 'write', at: event.at, bytes: event.bytes });
        case 'truncate':
          return change(descriptors.get(event.fd)?.node, { do: 'truncate', size: event.size });
        case 'flush':
          return beginFlush(event.fd);
        case 'flushed':
          return flushed(event.fd);
        case 'close':
          descriptors.delete(event.fd);
          return;
        case 'rename':
          return rename({ do: 'rename', from: event.from, to: event.to });
        case 'unlink':
        case 'mkdir':
          return rename({ do: event.op, path: event.path });
        case 'connect':
        case 'send':
          return;
      }
    },
    medium: () => ({ nodes: new Map(nodes), names, pendingNames }),
    seen: () => filesOf(namesAfter(names, pendingNames), (number) => contentNow(nodes.get(number))),
  };
}

const contentNow = (node: Node | undefined): Buffer => (node ? applied(node.certain, node.pending) : Buffer.alloc(0));

/** The names after some of the changes; one whose source is not there has no effect. */
export function namesAfter(names: Names, changes: readonly NameChange[]): Names {
  const after = new Map(names);
  for (const change of changes) {
    if (change.do === 'create') after.set(change.path, change.node);
    if (change.do === 'mkdir') after.set(change.path, undefined);
    if (change.do === 'unlink') after.delete(change.path);
    if (change.do === 'rename' && after.has(change.from)) {
      after.set(change.to, after.get(change.from));
      after.delete(change.from);
    }
  }
  return after;
}

/** A file stands in a directory that stands itself, or it is out of reach. */
export function filesOf(names: Names, content: (node: number) => Buffer): Files {
  const files = new Map<string, Buffer>();
  for (const [path, node] of names)
    if (node !== undefined && parentsOf(path).every((directory) => names.has(directory)))
      files.set(path, content(node));
  return files;
}

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

function parentsOf(path: string): readonly string[] {
  const parent = parentOf(path);
  return parent === '' ? [] : [...parentsOf(parent), parent];
}

const directoriesOf = (change: NameChange): readonly string[] =>
  change.do === 'rename' ? [parentOf(change.from), parentOf(change.to)] : [parentOf(change.path)];
