import { describe, expect, it } from 'vitest';
import { responses, type SsdpIdentity } from '../../../hw-sim/devices/ssdp-device.ts';

const identity: SsdpIdentity = {
  uuid: '6c3f0d9e-1f2b-4c55-9d0e-0012f3a4b5c6',
  deviceType: 'urn:schemas-upnp-org:device:Printer:1',
  location: 'http://192.168.20.40/description.xml',
};

const search = (target: string, man = '"ssdp:discover"', mx = 'MX: 3\r\n') =>
  `M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: ${man}\r\n${mx}ST: ${target}\r\n\r\n`;

describe('a simulated UPnP device (UPnP DA 1.1, 1.3.3)', () => {
  it('answers with the headers that the standard requires, and ends with an empty line', () => {
    const [response = ''] = responses(identity, search('upnp:rootdevice'));
    const lines = response.split('\r\n');
    const names = lines.slice(1, -2).map((line) => line.split(':')[0]);
    expect(lines[0]).toBe('HTTP/1.1 200 OK');
    expect(names).toEqual(
      expect.arrayContaining(['CACHE-CONTROL', 'EXT', 'LOCATION', 'SERVER', 'ST', 'USN', 'BOOTID.UPNP.ORG']),
    );
    expect(response.endsWith('\r\n\r\n')).toBe(true);
  });

  const ignored: readonly [string, string][] = [
    ['a search for something else', search('urn:schemas-upnp-org:device:MediaServer:1')],
    ['a search without MAN', search('ssdp:all', 'ssdp:discover')],
    ['a multicast search without MX', search('ssdp:all', '"ssdp:discover"', '')],
    ['an advertisement of a neighbor', 'NOTIFY * HTTP/1.1\r\nNTS: ssdp:alive\r\nST: ssdp:all\r\n\r\n'],
    ['noise', '\0\0\0'],
  ];
  it.each(ignored)('says nothing to %s', (_, message) => {
    expect(responses(identity, message)).toEqual([]);
  });
});
