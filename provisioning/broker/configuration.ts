type BrokerSettings = {
  /** Without `tls`: passwords in clear, for a migration and for tests. */
  readonly listeners: readonly { readonly host: string; readonly port: number; readonly tls?: boolean }[];
  /** Needed where a listener has TLS. `identity` holds the broker's key and certificate. */
  readonly tls?: { readonly identity: string; readonly clientRoots: string; readonly revoked: string };
  readonly passwordFile: string;
  readonly aclFile: string;
  /** The account that owns the two files: Mosquitto would otherwise become `mosquitto` and could not read them. */
  readonly user: string;
};

/**
 * mosquitto.conf. The broker is a wire and not a store: nothing is kept on its disk, and every limit that could lose a
 * message in silence is stated (a receipt of the central, not a PUBACK, is what counts: U-7).
 */
export function brokerConfiguration(settings: BrokerSettings): string {
  const { listeners, passwordFile, aclFile, user } = settings;
  return [
    'per_listener_settings false',
    'allow_anonymous false',
    `password_file ${passwordFile}`,
    `acl_file ${aclFile}`,
    `user ${user}`,
    'persistence false',
    'retain_available false',
    'max_inflight_messages 20',
    'max_queued_messages 1000',
    'max_queued_bytes 16777216',
    'max_packet_size 524288',
    'max_keepalive 1800',
    'set_tcp_nodelay true',
    'sys_interval 0',
    'log_dest stderr',
    'log_type error',
    'log_type warning',
    'log_type notice',
    'log_type information',
    ...listeners.flatMap(({ host, port, tls = false }) => [
      '',
      `listener ${port} ${host}`,
      'protocol mqtt',
      // One device cannot take another's session over by using its client id (D-3).
      'use_username_as_clientid true',
      ...(tls ? mutualTls(settings) : []),
    ]),
    '',
  ].join('\n');
}

/** Forward secrecy and authenticated encryption alone (RFC 9325 4.2), for certificates of ECDSA. */
const CIPHERS = ['AES128-GCM-SHA256', 'AES256-GCM-SHA384', 'CHACHA20-POLY1305'].map((one) => `ECDHE-ECDSA-${one}`);
const CIPHERS_TLS13 = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'];

function mutualTls({ tls }: BrokerSettings): readonly string[] {
  if (tls === undefined) throw new Error('a listener with TLS needs the files of the broker');
  return [
    `certfile ${tls.identity}`,
    `keyfile ${tls.identity}`,
    `cafile ${tls.clientRoots}`,
    `crlfile ${tls.revoked}`,
    'require_certificate true',
    // The name in the certificate is who it is, whatever the client says (D-3).
    'use_identity_as_username true',
    // Mosquitto takes it for the least that is spoken.
    'tls_version tlsv1.2',
    `ciphers ${CIPHERS.join(':')}`,
    `ciphers_tls1.3 ${CIPHERS_TLS13.join(':')}`,
  ];
}
