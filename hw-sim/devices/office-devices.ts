import { serveModbusTcp } from './modbus-server.ts';
import { createModbusUps } from './modbus-ups.ts';
import { startSsdpDevice } from './ssdp-device.ts';

/** What stands on the data LAN of the simulated office: a UPS that speaks Modbus TCP, and a printer that speaks SSDP. */
export async function startOfficeDevices(at: {
  readonly address: string;
  readonly upsPort: number;
}): Promise<() => void> {
  const ups = createModbusUps(1);
  ups.set({ mains: true, batteryPercent: 96 });
  const server = await serveModbusTcp(ups, at.address, at.upsPort);
  const printer = await startSsdpDevice(
    {
      uuid: '5f1c9c3e-1b7a-4b57-9a6e-0c8d1f2a3b4c',
      deviceType: 'urn:schemas-upnp-org:device:Printer:1',
      location: `http://${at.address}:8080/device.xml`,
    },
    at.address,
  );
  return () => {
    void server.unplug();
    void printer.close();
  };
}
