export type Value = string | number | null;
export type Statement = { readonly sql: string; readonly values: readonly Value[] };

/**
 * One connection to a database, one statement at a time. Both databases read the same statements: places are `$1`, `$2` …,
 * first used in that order.
 */
export type Connection = {
  run(sql: string, values?: readonly Value[]): Promise<void>;
  /** Rows as the schema of the table makes them: this is where they enter. Integers are numbers. */
  all<T>(sql: string, values?: readonly Value[]): Promise<readonly T[]>;
  /** Short statements one after the other, in one message where the database is another process. Rows of the last. */
  script<T>(statements: readonly Statement[]): Promise<readonly T[]>;
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
  /** Answers the `name` of every table. */
  readonly tables: string;
};
