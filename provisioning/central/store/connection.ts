export type Value = string | number | null;

/**
 * One connection to a database, one statement at a time. Both databases read the same statements: places are `$1`, `$2` …,
 * first used in that order.
 */
export type Connection = {
  run(sql: string, values?: readonly Value[]): Promise<void>;
  /** Rows as the schema of the table makes them: this is where they enter. Integers are numbers. */
  all<T>(sql: string, values?: readonly Value[]): Promise<readonly T[]>;
  close(): Promise<void>;
};

/** All in which the two databases differ for the store. */
export type Dialect = {
  readonly begin: string;
  /** A transaction that only reads, and reads everything as of one moment. */
  readonly beginReading: string;
  /** Behind a SELECT: nobody else has the row until the transaction ends. */
  readonly forUpdate: string;
  readonly types: { readonly text: string; readonly integer: string };
  /** Is there a table of the name `$1`? Answers a row or none. */
  readonly tableExists: string;
};
