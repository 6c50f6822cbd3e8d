import type { Book, UspRules } from '../agent/state.ts';
import { controllerPath } from '../controller.ts';
import { text } from './bind-site.ts';
import { BULK, LEAST_INTERVAL, MOST_PROFILES, MOST_REFERENCES, PROFILES } from './bulk-objects.ts';
import type { Values } from './object-type.ts';

type Bound = Readonly<Record<string, Values>>;

/** Rows of BulkData are the controllers' own; what stands here is what the agent says of them. */
export function bindBulk({ rows }: Pick<Book, 'rows'>, { controllers }: Pick<UspRules, 'controllers'>): Bound {
  const profiles = Object.keys(rows).filter((path) => isProfile(path));
  const isOn = rows[BULK]?.Enable !== 'false';
  return {
    [BULK]: {
      ...{ Status: isOn ? 'Enabled' : 'Disabled', MinReportingInterval: text(LEAST_INTERVAL) },
      ...{ Protocols: 'MQTT,USPEventNotif', EncodingTypes: 'JSON,CSV', ParameterWildCardSupported: 'true' },
      ...{ MaxNumberOfProfiles: text(MOST_PROFILES), MaxNumberOfParameterReferences: text(MOST_REFERENCES) },
      ProfileNumberOfEntries: text(profiles.length),
    },
    ...Object.fromEntries(
      profiles.flatMap((path) => {
        const references = Object.keys(rows).filter((row) => row.startsWith(`${path}Parameter.`));
        const owner = controllers.find((one) => controllerPath(one) === rows[path]?.Controller);
        return [
          [path, { ParameterNumberOfEntries: text(references.length) }],
          [`${path}MQTT.`, { PublishTopic: owner?.bulkOn ?? '' }],
        ];
      }),
    ),
  };
}

export const isProfile = (path: string): boolean =>
  path.startsWith(PROFILES) && /^\d+\.$/.test(path.slice(PROFILES.length));
