import { createHttpsPost } from '../../../agent/edge/https-post.ts';
import { seconds } from '../../../agent/model/units.ts';
import type { HttpsPost } from '../../../agent/ports/https-post.ts';
import { certificatePem } from '../../uicc/pki-folder.ts';
import { startSmdpServer } from '../../uicc/smdp/https-server.ts';
import type { SimSmdp } from '../../uicc/smdp/smdp.ts';
import type { TestPki } from '../../uicc/test-pki.ts';
import { ADDRESS } from './prepared-euicc.ts';

/** The way from a box to its profile server. */
export type ProfileRoad = {
  readonly https: HttpsPost;
  /** Where a server's name leads. */
  readonly servers: Readonly<Record<string, string>>;
};

/** ES9+ over TLS on loopback: the box's own client, a server under the test's root, and sockets of the kernel between them. */
export type TlsRoad = {
  /** The road to this server; only one has it at a time. */
  to(smdp: SimSmdp): ProfileRoad;
  close(): Promise<void>;
};

export async function openTlsRoad(pki: TestPki): Promise<TlsRoad> {
  let behind: SimSmdp | undefined;
  const server = await startSmdpServer(() => {
    if (behind === undefined) throw new Error('no server is there yet');
    return behind;
  }, pki);
  const https = createHttpsPost({ roots: [certificatePem(pki.ci)], patience: seconds(60) });
  return {
    to(smdp) {
      behind = smdp;
      return { https, servers: { [ADDRESS]: `https://localhost:${server.port}` } };
    },
    close: server.close,
  };
}
