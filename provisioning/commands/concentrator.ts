import { mkdirSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { join } from 'node:path';
import { writeAtomic } from '../atomic-file.ts';
import { concentratorRules } from '../overlay/concentrator-rules.ts';
import { concentratorScript } from '../overlay/concentrator-script.ts';
import { overlaySites } from '../overlay/overlay-sites.ts';
import { registryPaths } from '../registry/paths.ts';
import { latestConfigs, readRegistry, readSecret } from '../registry/registry.ts';

const RULES_FILE = 'concentrator.nft';
const SCRIPT_FILE = 'concentrator.sh';
const UNIT_FILE = 'relais-concentrator.service';

/** Writes what a Linux machine at `address` needs to be the concentrator of all sites that name it. */
export function writeConcentrator(
  directory: string,
  address: string,
  out: string | undefined,
): { readonly said: string } | { readonly refused: string } {
  if (!isIPv4(address))
    return { refused: `${address}: write the IPv4 address that orders name as failover.overlay.concentrator` };
  if (out === undefined) return { refused: '--out is missing: in which folder shall the files be?' };
  const paths = registryPaths(directory);
  const sites = overlaySites(latestConfigs(readRegistry(directory).configs), address, (device) =>
    readSecret(paths.uplinkSecret(device)),
  );
  const ports = [...new Set(sites.map(({ port }) => port))];
  if (ports.length > 1)
    return {
      refused: `the sites of ${address} name the ports ${ports.join(', ')}; write one and the same in their orders`,
    };
  mkdirSync(out, { recursive: true });
  // The cookies are in it.
  writeAtomic(join(out, RULES_FILE), concentratorRules(address, sites), 'secret');
  writeAtomic(join(out, SCRIPT_FILE), concentratorScript(address, sites, RULES_FILE));
  writeAtomic(join(out, UNIT_FILE), unit(out));
  const told =
    sites.length === 0
      ? 'no site names it yet'
      : `${sites.length} sites: ${sites.map(({ device }) => device).join(', ')}`;
  return {
    said: `concentrator ${address}, ${told}; put the files where ${UNIT_FILE} says, and run sh ${join(out, SCRIPT_FILE)} start there`,
  };
}

const unit = (folder: string): string => `[Unit]
Description=Relais concentrator: tunnels of the sites' voice
After=network-online.target
Wants=network-online.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh ${join(folder, SCRIPT_FILE)} start
ExecReload=/bin/sh ${join(folder, SCRIPT_FILE)} start
ExecStop=/bin/sh ${join(folder, SCRIPT_FILE)} stop

[Install]
WantedBy=multi-user.target
`;
