import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { certificatePem, keyPem } from '../pki-folder.ts';
import type { TestPki } from '../test-pki.ts';
import type { SimSmdp } from './smdp.ts';

export type SmdpServer = { readonly port: number; readonly close: () => Promise<void> };

/** ES9+ over TLS on loopback, with the server's test certificate. `smdp` is asked for at every request. */
export async function startSmdpServer(smdp: () => SimSmdp, pki: TestPki, port = 0): Promise<SmdpServer> {
  const tls = { key: keyPem(pki.dpTls), cert: certificatePem(pki.dpTls), minVersion: 'TLSv1.2' as const };
  const server = createServer(tls, (request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const said = smdp().handle(request.url ?? '', Buffer.concat(parts).toString('utf8'));
      // Silence is a connection that ends.
      if (said.status === 0) return void request.socket.destroy();
      response.writeHead(said.status, said.body === '' ? {} : { 'Content-Type': 'application/json;charset=UTF-8' });
      response.end(said.body);
    });
  });
  await new Promise<void>((ready) => server.listen(port, '127.0.0.1', ready));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
