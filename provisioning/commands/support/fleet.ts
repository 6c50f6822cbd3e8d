import type { SiteConfig } from '../../../agent/model/site-config.ts';
import type { OpenController } from '../../support/open-controller.ts';
import { DONE, FAILED, type Terminal } from '../command.ts';

const ASKED = [
  'Device.DeviceInfo.SoftwareVersion',
  'Device.LocalAgent.UpTime',
  'Device.X_RELAIS_Reliability.VoiceLink',
] as const;
const AT_ONCE = 50;

/** Every box of the operator: whether it answers, its software, since when it runs, which link carries voice. */
export async function listFleet(
  configs: readonly SiteConfig[],
  link: OpenController,
  { out }: Terminal,
  json: boolean,
): Promise<number> {
  let silent = 0;
  for (let from = 0; from < configs.length; from += AT_ONCE) {
    const some = configs.slice(from, from + AT_ONCE);
    const replies = await Promise.all(some.map(({ device }) => link.ask(device.id, { get: { paramPaths: ASKED } })));
    for (const [index, config] of some.entries()) {
      const reply = replies[index];
      const values = reply?.is === 'response' ? valuesOf(reply.response) : undefined;
      if (values === undefined) silent += 1;
      const { device, client, site } = config;
      if (json)
        out(
          JSON.stringify({
            device: device.id,
            client: client.name,
            site: site.label,
            answers: values !== undefined,
            ...values,
          }),
        );
      else
        out(
          `${device.id.padEnd(14)} ${values === undefined ? 'no answer' : words(values)}  ${client.name}, ${site.label}`,
        );
    }
  }
  return silent === 0 ? DONE : FAILED;
}

type Values = Readonly<Record<string, string>>;
type Replied = Extract<Awaited<ReturnType<OpenController['ask']>>, { is: 'response' }>;

const valuesOf = ({ getResp }: Replied['response']): Values =>
  Object.assign(
    {},
    ...(getResp?.reqPathResults ?? []).flatMap(({ resolvedPathResults }) =>
      resolvedPathResults.map(({ resultParams }) => resultParams),
    ),
  );

function words({ SoftwareVersion = '?', UpTime = '0', VoiceLink = '?' }: Values): string {
  const minutes = Math.floor(Number(UpTime) / 60);
  const since = minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
  return `${SoftwareVersion}, for ${since}, voice on ${VoiceLink}`;
}
