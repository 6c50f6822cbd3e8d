import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * `npm run mutate:rating [-- room …]`: mutants of each room of the rating core, shown to the tests of that room; `.` are
 * the files beside the rooms. Prints the table of docs/rating/mutation.md.
 */
const CORE = 'agent/rating';
const REPORT = 'coverage/mutation.json';
const BESIDE = '.';
const STATES = ['Killed', 'Timeout', 'Survived', 'NoCoverage', 'Ignored'];

const rooms = readdirSync(CORE, { withFileTypes: true })
  .filter((one) => one.isDirectory())
  .map(({ name }) => name);
const asked = process.argv.slice(2);
const rows = (asked.length > 0 ? asked : [...rooms, BESIDE]).map((room) => ({ room, counts: counted(room) }));

const print = (cells) => process.stdout.write(`| ${cells.join(' | ')} |\n`);
print(['room', 'mutants', 'killed', 'timeout', 'survived', 'no coverage', 'ignored', 'score']);
print(['---', ...Array(7).fill('---:')]);
for (const { room, counts } of rows) print([`\`${room}\``, ...cellsOf(counts)]);
const all = Object.fromEntries(
  STATES.map((state) => [state, rows.reduce((sum, { counts }) => sum + counts[state], 0)]),
);
print(['**all**', ...cellsOf(all)]);

function counted(room) {
  const files = room === BESIDE ? `${CORE}/*.ts` : `${CORE}/${room}/**/*.ts`;
  const { status } = spawnSync('npx', ['stryker', 'run', '--mutate', files], {
    env: { ...process.env, ROOM: room },
    stdio: ['ignore', process.stderr, process.stderr],
  });
  if (status !== 0) throw new Error(`the mutants of ${room} could not be tested`);
  // Kept for each room: it names every mutant and what became of it.
  cpSync(REPORT, join('coverage', 'mutation', `${room === BESIDE ? 'beside' : room}.json`));
  const found = Object.values(JSON.parse(readFileSync(REPORT, 'utf8')).files).flatMap(({ mutants }) => mutants);
  const strange = found.find(({ status: state }) => !STATES.includes(state));
  if (strange !== undefined) throw new Error(`a mutant of ${room} ended as ${strange.status}: ${strange.statusReason}`);
  return Object.fromEntries(STATES.map((state) => [state, found.filter(({ status: its }) => its === state).length]));
}

function cellsOf({ Killed, Timeout, Survived, NoCoverage, Ignored }) {
  const shown = Killed + Timeout + Survived + NoCoverage;
  const score = shown === 0 ? '' : `${((100 * (Killed + Timeout)) / shown).toFixed(1)} %`;
  return [shown + Ignored, Killed, Timeout, Survived, NoCoverage, Ignored, score];
}
