/**
 * Makes a fresh Debian with nothing but Node and npm ready for the simulated site: npm packages, Debian packages,
 * compiled code. Plain JavaScript without a dependency, because it runs before there are any.
 *
 *   node hw-sim/prepare.mjs            does what is missing, one line a step; nothing when nothing is
 *   node hw-sim/prepare.mjs --check    only says what is missing
 *
 * Answers 0 when ready, 1 when a step failed, 3 when something must be done by hand. Leaves node_modules and dist, no other file.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const NODE_FLOOR = [20, 17];
const LOG_HEAD_LINES = 6;
const LOG_TAIL_LINES = 20;
const POLICY = '/usr/sbin/policy-rc.d';

/** Debian package of each command that the simulated site needs. */
const SITE_COMMANDS = {
  ip: 'iproute2',
  tc: 'iproute2',
  nft: 'nftables',
  conntrack: 'conntrack',
  tcpdump: 'tcpdump',
  mosquitto: 'mosquitto',
  sipp: 'sip-tester',
  kamailio: 'kamailio',
  socat: 'socat',
  ethtool: 'ethtool',
  sysctl: 'procps',
  ping: 'iputils-ping',
  traceroute: 'traceroute',
  mount: 'mount',
  unshare: 'util-linux',
  nsenter: 'util-linux',
  setpriv: 'util-linux',
  gcc: 'gcc',
  tshark: 'tshark',
  tiffcp: 'libtiff-tools',
  fax2tiff: 'libtiff-tools',
  pdfimages: 'poppler-utils',
  gs: 'ghostscript',
  initdb: 'postgresql',
  ModemManager: 'modemmanager',
  mmcli: 'modemmanager',
  'dbus-daemon': 'dbus',
  dnsmasq: 'dnsmasq-base',
  exim4: 'exim4-daemon-light',
  // The power-cut harness compiles its recorder; g++ brings the C library's headers along, gcc alone does not.
  'g++': 'g++',
  // Queues that this machine's kernel may lack are tried on a Linux in user mode.
  'linux.uml': 'user-mode-linux',
  insmod: 'kmod',
};

/** Debian package of each C header that the fax oracle is built with. */
const SITE_HEADERS = { 'stdio.h': 'libc6-dev', 'tiffio.h': 'libtiff-dev', 'spandsp.h': 'libspandsp-dev' };

/** What compiles a native npm package when no ready binary is to be had. */
const COMPILER_COMMANDS = { python3: 'python3', make: 'make', 'g++': 'g++' };

/** An error that says what somebody has to do by hand. */
const byHand = (message) => Object.assign(new Error(message), { byHand: true });

export function nodeIsNewEnough(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > NODE_FLOOR[0] || (major === NODE_FLOOR[0] && minor >= NODE_FLOOR[1]);
}

/** Debian packages whose commands or headers are not on this machine. */
export function missingPackages(commands = SITE_COMMANDS, headers = SITE_HEADERS) {
  const missing = [
    ...Object.entries(commands).filter(([command]) => !isThere(command)),
    ...Object.entries(headers).filter(([header]) => !isHeader(header)),
  ];
  return [...new Set(missing.map(([, name]) => name))].sort();
}

export function npmPackagesAreCurrent() {
  const installed = join(ROOT, 'node_modules/.package-lock.json');
  const lock = join(ROOT, 'package-lock.json');
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs;
}

export function nativePackagesLoad() {
  const trial = "import('sqlite3').then(() => import('serialport')).catch(() => process.exit(1))";
  return spawnSync(process.execPath, ['--input-type=module', '-e', trial], { cwd: ROOT, stdio: 'ignore' }).status === 0;
}

/** What is missing, in words; empty when the machine is ready. `dist` is built by `prepare` and not judged here. */
export function obstacles() {
  const found = [];
  if (!nodeIsNewEnough()) found.push(nodeTooOld());
  const packages = missingPackages();
  if (packages.length > 0) found.push(`missing Debian packages: ${installLine(packages)}`);
  if (!npmPackagesAreCurrent()) found.push('npm packages are missing or older than package-lock.json: npm ci');
  else if (!nativePackagesLoad()) found.push('a native npm package does not load: npm rebuild');
  return found;
}

export async function prepare() {
  if (!nodeIsNewEnough()) throw byHand(nodeTooOld());
  await installDebianPackages(missingPackages());
  if (!npmPackagesAreCurrent()) await installNpmPackages();
  if (!nativePackagesLoad()) await rebuildNativePackages();
  await build();
}

export const build = () => step('compiling to dist', ['node_modules/.bin/tsc', '-p', 'tsconfig.build.json']);

async function installNpmPackages() {
  try {
    await step('npm ci', ['npm', 'ci', '--no-audit', '--no-fund'], npmEnvironment());
  } catch (error) {
    // A native package without a ready binary fails the whole of npm ci where no compiler is.
    const compilers = missingPackages(COMPILER_COMMANDS, {});
    if (compilers.length === 0) throw error;
    await installDebianPackages(compilers);
    await step('npm ci, now with a compiler', ['npm', 'ci', '--no-audit', '--no-fund'], npmEnvironment());
  }
}

async function rebuildNativePackages() {
  await installDebianPackages(missingPackages(COMPILER_COMMANDS, {}));
  await step('npm rebuild', ['npm', 'rebuild'], npmEnvironment());
  if (!nativePackagesLoad()) throw new Error('a native npm package still does not load after npm rebuild');
}

async function installDebianPackages(packages) {
  if (packages.length === 0) return;
  if (!isThere('apt-get')) throw byHand(`not a Debian; install what these packages hold: ${packages.join(' ')}`);
  if (process.getuid?.() !== 0) throw byHand(`these packages are missing; run:\n  ${installLine(packages)}`);
  const quiet = { DEBIAN_FRONTEND: 'noninteractive' };
  await step('apt-get update', ['apt-get', 'update', '-q'], quiet);
  const install = ['apt-get', 'install', '-y', '-q', '--no-install-recommends', ...packages];
  await withoutServices(() => step(`apt-get install ${packages.join(' ')}`, install, quiet));
}

/** dpkg would start mosquitto as a service; this file tells it not to (Debian policy 9.3.3.2), and is ours only if it was absent. */
async function withoutServices(work) {
  if (existsSync(POLICY)) return work();
  writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return await work();
  } finally {
    rmSync(POLICY, { force: true });
  }
}

/** Runs a command and says one line; its output is shown only when it fails. */
async function step(title, [command, ...args], environment = {}) {
  process.stdout.write(`${title} ... `);
  const began = performance.now();
  const { code, log } = await runQuietly(command, args, environment);
  process.stdout.write(code === 0 ? `${((performance.now() - began) / 1_000).toFixed(1)} s\n` : 'failed\n');
  if (code === 0) return;
  const lines = log.trimEnd().split('\n');
  const shown = lines.filter((_, index) => index < LOG_HEAD_LINES || index >= lines.length - LOG_TAIL_LINES);
  throw new Error([`${command} ${args.join(' ')} ended with ${code}:`, ...shown].join('\n'));
}

function runQuietly(command, args, environment) {
  return new Promise((settle) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let log = '';
    const keep = (chunk) => {
      log = (log + chunk).slice(-65_536);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    // Whoever stops us stops the step; its failure then undoes what was only for its sake.
    const stop = (signal) => child.kill(signal);
    process.on('SIGINT', stop).on('SIGTERM', stop);
    const end = (code) => {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      settle({ code, log });
    };
    child.on('error', (error) => {
      keep(error.message);
      end(127);
    });
    child.on('close', (code, signal) => end(code ?? signal));
  });
}

/** node-gyp would fetch the headers of Node from the network; a distribution package brings them along. */
function npmEnvironment() {
  const prefix = dirname(dirname(realpathSync(process.execPath)));
  return existsSync(join(prefix, 'include/node/node.h')) ? { npm_config_nodedir: prefix } : {};
}

const POSTGRES_VERSIONS = '/usr/lib/postgresql';

/** Debian keeps the commands of each PostgreSQL server in a directory of its own, which is on nobody's PATH. */
function postgresFolders() {
  const versions = existsSync(POSTGRES_VERSIONS) ? readdirSync(POSTGRES_VERSIONS) : [];
  return versions.map((version) => join(POSTGRES_VERSIONS, version, 'bin'));
}

/** An ordinary user's PATH lacks the sbin directories; the sandbox adds them as well. */
function isThere(command) {
  const path = [process.env.PATH ?? '', '/usr/local/sbin', '/usr/sbin', '/sbin', ...postgresFolders()];
  const env = { PATH: path.join(':') };
  return spawnSync('sh', ['-c', 'command -v "$0"', command], { stdio: 'ignore', env }).status === 0;
}

/** Debian keeps some headers in a directory named for the architecture. */
function isHeader(name) {
  const root = '/usr/include';
  const folders = existsSync(root) ? readdirSync(root).filter((folder) => folder.includes('-linux-')) : [];
  return ['', ...folders].some((folder) => existsSync(join(root, folder, name)));
}

const installLine = (packages) => `sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`;

const nodeTooOld = () => `Node ${process.versions.node} is too old: ${NODE_FLOOR.join('.')} or newer is needed`;

async function main(words) {
  if (words.includes('--check')) {
    const found = obstacles();
    process.stdout.write(found.length === 0 ? 'ready\n' : `${found.join('\n')}\n`);
    return found.length === 0 ? 0 : 3;
  }
  try {
    await prepare();
    return 0;
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    return error.byHand ? 3 : 1;
  }
}

if (import.meta.url === pathToFileURL(realpathSync(process.argv[1] ?? '.')).href) {
  process.exitCode = await main(process.argv.slice(2));
}
