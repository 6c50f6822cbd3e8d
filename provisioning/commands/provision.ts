import { canonical } from '../../agent/model/canonical.ts';
import { readEuro } from '../euro.ts';
import { readJson } from '../json-file.ts';
import { problemLine } from '../orders/problem.ts';
import { issueOrder } from '../registry/issue-order.ts';
import type { OperatorData } from '../registry/operator-data.ts';
import { registryPaths } from '../registry/paths.ts';
import { initRegistry, latestConfigs, readRegistry, writeAccount } from '../registry/registry.ts';
import { packRelease } from '../release/pack-release.ts';
import { signRelease } from '../release/sign-release.ts';
import { revokeCertificates, signCertificate } from './certificates.ts';
import { DONE, REFUSED, readArguments, type Terminal } from './command.ts';
import { writeConcentrator } from './concentrator.ts';
import { lift, suspend } from './suspend.ts';

const HELP = `relais provision: from an order to a signed configuration

  relais provision init --directory D
      Makes the registry D: the operator's key and authority, the central's password, the broker's files. Run again, it
      makes certificates of the broker, centrals and controllers anew that are due.
  relais provision order ORDER.json --directory D [--regimes DIR] [--tariffs DIR] [--numbering DIR]
      Checks an order and issues the next version of its site. A wrong order changes nothing.
  relais provision show --directory D
      Lists devices and accounts.
  relais provision cap ACCOUNT EURO --directory D
      Raises or lowers the out-of-bundle cap of a billing account, at once.
  relais provision month ACCOUNT --directory D
      Opens the account's next cycle: cap and bundle are whole again.
  relais provision suspend ACCOUNT --reason REASON --by NAME --directory D [--line NUMBER | --device DEVICE]
                   [--scope total|partial] [--from TIME] [--reminded DAY]
      Suspends what goes out (C-5), of the account, one line or one site; emergency calls always pass, and so does what
      comes in. An unpaid sum needs the day of its reminder. The sites carry it out, offline too once they have heard it.
  relais provision lift SUSPENSION --by NAME --directory D [--fee NUMBER]
      Lifts a suspension; the line NUMBER pays the fee of re-opening.
  relais provision sign REQUEST|DEVICE --directory D [--out FILE] [--days N] [--readmit]
      Signs the certificate of a box (or of a controller with a key of its own) from the request that relais enroll made,
      or the one that a running central has kept for DEVICE. --readmit: one that was revoked may come in again.
  relais provision pack-release FOLDER --out FILES.tar.gz --directory D
      Packs a built project for boxes; the same files give the same bytes, wherever and whenever they are packed.
  relais provision sign-release FILES.tar.gz --version V --out BUNDLE --directory D [--floor V] [--key FILE]
      Signs a release for boxes with the key for releases, another than that of orders; made at its first use. V is what
      package.json in FILES says. Below
      --floor (the version itself if left out) boxes take nothing any more once they live on this release.
  relais provision revoke NAME --by NAME --why TEXT --directory D
      Everything that was signed for that device or controller ends, and it has no rights at the broker any more.
  relais provision concentrator ADDRESS --out FOLDER --directory D
      Writes the files that make a Linux machine at ADDRESS the concentrator of the sites that name it (docs/failover.md).
      To be written again, and started again, whenever such a site is ordered or changed.`;

/** `shipped` is where the operator data of the project lies when the operator names no folders. */
export function provision(argv: readonly string[], terminal: Terminal, shipped: OperatorData, now = Date.now): number {
  const read = readArguments(
    argv,
    [
      ...(['directory', 'regimes', 'tariffs', 'numbering'] as const),
      ...(['line', 'device', 'scope', 'from', 'reason', 'by', 'reminded', 'fee', 'why', 'out', 'days'] as const),
      ...(['version', 'floor', 'key'] as const),
    ],
    ['readmit'],
  );
  if ('usage' in read) return refuse(terminal, read.usage);
  const [subcommand = '', ...words] = read.words;
  if (read.flags.has('help')) return help(terminal);
  const {
    directory,
    regimes = shipped.regimes,
    tariffs = shipped.tariffs,
    numbering = shipped.numbering,
  } = read.values;
  if (directory === undefined) return refuse(terminal, '--directory is missing: where is the registry?');
  switch (subcommand) {
    case 'init':
      return init(directory, terminal);
    case 'order':
      return order(words, { directory, regimes, tariffs, numbering }, terminal);
    case 'show':
      return show(directory, terminal);
    case 'cap':
      return cap(words, directory, terminal);
    case 'month':
      return month(words, directory, terminal);
    case 'suspend':
    case 'lift':
    case 'sign':
    case 'pack-release':
    case 'sign-release':
    case 'revoke':
    case 'concentrator': {
      const [name, ...more] = words;
      if (name === undefined || more.length > 0)
        return refuse(terminal, `${subcommand}: name one ${NAMED[subcommand]}`);
      const { values, flags } = read;
      const answer = {
        suspend: () => suspend(directory, name, values, now()),
        lift: () => lift(directory, name, values, now()),
        'pack-release': () => packRelease(name, values.out),
        'sign-release': () => {
          const { version, floor, key, out } = read.values;
          return signRelease(directory, { files: name, version, floor, key, out });
        },
        revoke: () => revokeCertificates(directory, name, values, now()),
        concentrator: () => writeConcentrator(directory, name, values.out),
        sign: () =>
          signCertificate(
            directory,
            { what: name, out: values.out, days: values.days, readmit: flags.has('readmit') },
            now(),
          ),
      }[subcommand]();
      if ('refused' in answer) return refuse(terminal, answer.refused);
      terminal.out(answer.said);
      return DONE;
    }
    default:
      return refuse(terminal, `no such subcommand: ${subcommand || '(none)'}`);
  }
}

const NAMED = {
  suspend: 'account',
  lift: 'suspension',
  sign: 'request or device',
  'pack-release': 'folder',
  'sign-release': 'tar.gz',
  revoke: 'device or controller',
  concentrator: 'address',
};

function init(directory: string, { out }: Terminal): number {
  const fresh = initRegistry(directory);
  const { operatorPublicKey, broker } = registryPaths(directory);
  out(fresh ? `made the registry ${directory}` : `the registry ${directory} is there already; its key was kept`);
  out(`operator's public key, to be installed on each box: ${operatorPublicKey}`);
  out(`broker: mosquitto -c ${broker.configuration}`);
  return DONE;
}

function order(
  [file, ...more]: readonly string[],
  { directory, ...data }: OperatorData & { directory: string },
  terminal: Terminal,
): number {
  if (file === undefined || more.length > 0) return refuse(terminal, 'name one order file');
  const issue = issueOrder(directory, readJson(file), data);
  if (!issue.issued) {
    terminal.err(`${file} was refused; nothing was changed`);
    for (const problem of issue.problems) terminal.err(`  ${problemLine(problem)}`);
    return REFUSED;
  }
  const { config, warnings } = issue;
  const paths = registryPaths(directory);
  terminal.out(`issued version ${config.version} for device ${config.device.id} of ${config.client.name}`);
  terminal.out(`  signed configuration: ${paths.signed(config.device.id)}`);
  terminal.out(`  the device's password: ${paths.uplinkSecret(config.device.id)}`);
  terminal.out(`  failover: ${config.failover.enabled ? 'on' : 'off'}`);
  for (const warning of warnings) terminal.out(`  warning: ${problemLine(warning)}`);
  terminal.out(`  a running broker reads its files again on SIGHUP`);
  return DONE;
}

function show(directory: string, { out }: Terminal): number {
  const registry = readRegistry(directory);
  for (const config of latestConfigs(registry.configs)) {
    const links = config.links.map((link) => `${link.name} (${link.kind}, ${link.upKbps}/${link.downKbps} kbit/s)`);
    out(`device ${config.device.id}: version ${config.version}, ${config.client.name}, ${config.site.label}`);
    out(`  account ${config.account.id}, regime ${config.regime.id}, tariff ${config.tariff.label}`);
    out(`  links ${links.join(', ')}; failover ${config.failover.enabled ? 'on' : 'off'}`);
    out(`  lines ${config.lines.map((line) => line.number).join(', ')}; channels ${config.voice.channels}`);
  }
  for (const [account, { capMicroEuro, cycle }] of Object.entries(registry.accounts)) {
    out(`account ${account}: cap ${capMicroEuro / 1_000_000} EUR excluding VAT, cycle ${cycle}`);
  }
  return DONE;
}

function cap([account, euro, ...more]: readonly string[], directory: string, terminal: Terminal): number {
  const amount = euro === undefined ? undefined : readEuro(euro);
  if (account === undefined || amount === undefined || more.length > 0) {
    return refuse(terminal, `cap ${euro ?? '(missing)'}: write ACCOUNT and an amount in euros such as 150 or 150.50`);
  }
  return changeAccount(account, directory, terminal, (entry) => ({ ...entry, capMicroEuro: amount }));
}

function month([account, ...more]: readonly string[], directory: string, terminal: Terminal): number {
  if (account === undefined || more.length > 0) return refuse(terminal, 'name one account');
  return changeAccount(account, directory, terminal, (entry) => ({ ...entry, cycle: entry.cycle + 1 }));
}

type Entry = { readonly capMicroEuro: number; readonly cycle: number };

function changeAccount(
  account: string,
  directory: string,
  terminal: Terminal,
  change: (entry: Entry) => Entry,
): number {
  const { accounts } = readRegistry(directory);
  const entry = Object.entries(accounts).find(([name]) => name === account)?.[1];
  if (entry === undefined) {
    const known = Object.keys(accounts).join(', ') || 'none';
    return refuse(terminal, `no such account: ${account}; known: ${known}`);
  }
  writeAccount(directory, account, change(entry));
  terminal.out(`account ${account}: ${canonical(change(entry))}`);
  return DONE;
}

function help({ out }: Terminal): number {
  out(HELP);
  return DONE;
}

function refuse({ err }: Terminal, why: string): number {
  err(`relais provision: ${why}`);
  err('See relais provision --help');
  return REFUSED;
}
