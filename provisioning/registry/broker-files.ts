import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { controllerUsername } from '../../agent/model/management.ts';
import type { SiteConfig } from '../../agent/model/site-config.ts';
import { createAtomic, writeAtomic } from '../atomic-file.ts';
import { accessList, centralUsernames } from '../broker/access-list.ts';
import { brokerConfiguration } from '../broker/configuration.ts';
import { createSecret, passwordLine } from '../broker/password.ts';
import { registryPaths } from './paths.ts';

/** Writes what Mosquitto reads, for the devices as they are now. A running broker takes it in on SIGHUP. */
export function writeBrokerFiles(directory: string, configs: readonly SiteConfig[]): void {
  const paths = registryPaths(resolve(directory));
  const secretOf = (path: string): string => readFileSync(path, 'utf8').trim();
  const controllers = [...new Set(configs.flatMap((config) => config.controllers.map(({ name }) => name)))].toSorted();
  for (const name of controllers) {
    const file = paths.controllerSecret(name);
    createAtomic(file, createSecret(), 'secret');
  }
  const passwords = [
    ...centralUsernames().map((name) => passwordLine(name, secretOf(paths.centralSecret))),
    ...controllers.map((name) => passwordLine(controllerUsername(name), secretOf(paths.controllerSecret(name)))),
    ...configs.map(({ central, device }) => passwordLine(central.username, secretOf(paths.uplinkSecret(device.id)))),
  ];
  const devices = configs.map(({ tenant, device, controllers: own }) => ({
    ...{ tenant, device: device.id },
    controllers: own.map(({ name }) => controllerUsername(name)),
  }));
  const settings = {
    listeners: listenersOf(configs),
    passwordFile: paths.broker.passwords,
    aclFile: paths.broker.accessList,
    user: userInfo().username,
  };
  writeAtomic(paths.broker.passwords, `${passwords.join('\n')}\n`, 'secret');
  writeAtomic(paths.broker.accessList, accessList(devices), 'secret');
  writeAtomic(paths.broker.configuration, brokerConfiguration(settings));
}

/** The addresses that the sites were told, each once. */
function listenersOf(configs: readonly SiteConfig[]): readonly { host: string; port: number }[] {
  const listeners = new Map(configs.map(({ central: { host, port } }) => [`${host}:${port}`, { host, port }]));
  return [...listeners.values()];
}
