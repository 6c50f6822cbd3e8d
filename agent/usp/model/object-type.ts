export type ValueType =
  | 'boolean'
  | 'dateTime'
  | 'decimal'
  | 'hexBinary'
  | 'int'
  | 'long'
  | 'string'
  | 'unsignedInt'
  | 'unsignedLong';

export type ParameterType = {
  readonly type: ValueType;
  /** `once`: by the Add that makes the row, and never after. Absent: read only. */
  readonly write?: 'always' | 'once';
  /** A counter or a clock: its changes are nobody's news. */
  readonly restless?: true;
  /** The only values that it takes. */
  readonly values?: readonly string[];
  readonly longest?: number;
  readonly pattern?: RegExp;
  /** The smallest number that it takes. */
  readonly least?: number;
  /** Of a new row that says nothing else. */
  readonly initial?: string;
};

export type CommandType = {
  readonly input?: readonly string[];
  readonly required?: readonly string[];
  readonly output?: readonly string[];
  readonly asynchronous?: true;
  /** Its end is told to whoever ran it and to nobody else. */
  readonly secret?: true;
  /** It carries on what another command began: only refusals are worth a record (M-6). */
  readonly carriesOn?: true;
  /** Arguments that the record of the deed names (M-6). */
  readonly recorded?: readonly string[];
};

/** One object of the data model as it is published: its path with `{i}` for rows, names, types, keys. */
export type ObjectType = {
  readonly path: string;
  /** Rows may be made and deleted by a controller. */
  readonly rows?: 'add-delete';
  /** Rows of one table, where it may have fewer than others. */
  readonly most?: number;
  /** Of each row of what holds it there is one, from the row's beginning to its end. */
  readonly attends?: true;
  readonly keys?: readonly (readonly string[])[];
  /** Keys that hold among rows that are enabled (TR-181, functional keys of objects with `Enable`). */
  readonly enabledKeys?: readonly (readonly string[])[];
  readonly parameters?: Readonly<Record<string, ParameterType>>;
  readonly commands?: Readonly<Record<string, CommandType>>;
  readonly events?: Readonly<Record<string, readonly string[]>>;
};

/** One object that there is: its path with numbers, its values as strings (TR-106, 3.2). */
export type Row = {
  readonly path: string;
  readonly type: ObjectType;
  readonly values: Readonly<Record<string, string>>;
};

export type Values = Readonly<Record<string, string>>;

/** `Device.A.3.B.` is a `Device.A.{i}.B.`. */
export const typePath = (path: string): string => path.replaceAll(/\.\d+(?=\.)/g, '.{i}');
