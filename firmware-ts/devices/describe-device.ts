import type { Announced } from '../wires/announcement.ts';

/** UPnP Device Architecture 1.1, 2.3: a basic device, without services; `uuid` names it for life. */
export function describeDevice({ address, port, device, friendlyName, software }: Announced, uuid: string): string {
  return `<?xml version="1.0"?>
<root xmlns="urn:schemas-upnp-org:device-1-0">
  <specVersion><major>1</major><minor>1</minor></specVersion>
  <device>
    <deviceType>${DEVICE_TYPE}</deviceType>
    <friendlyName>${plain(friendlyName)}</friendlyName>
    <manufacturer>Relais</manufacturer>
    <modelName>Relais</modelName>
    <modelNumber>${plain(software)}</modelNumber>
    <serialNumber>${plain(device)}</serialNumber>
    <UDN>uuid:${uuid}</UDN>
    <presentationURL>http://${address}:${port}/</presentationURL>
  </device>
</root>
`;
}

export const DEVICE_TYPE = 'urn:schemas-upnp-org:device:Basic:1';

export const describePage = ({ friendlyName, page }: Announced): string =>
  `<!doctype html><meta charset="utf-8"><title>${plain(friendlyName)}</title><h1>${plain(friendlyName)}</h1>
<ul>${page()
    .map((line) => `<li>${plain(line)}</li>`)
    .join('')}</ul>
`;

const SPECIAL: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
const plain = (text: string): string => text.replaceAll(/[&<>"']/g, (letter) => SPECIAL[letter] ?? '');
