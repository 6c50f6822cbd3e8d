type BrokerSettings = {
  readonly listeners: readonly { readonly host: string; readonly port: number }[];
  readonly passwordFile: string;
  readonly aclFile: string;
  /** The account that owns the two files: Mosquitto would otherwise become `mosquitto` and could not read them. */
  readonly user: string;
};

/**
 * mosquitto.conf. The broker is a wire and not a store: nothing is kept on its disk, and every limit that could lose a
 * message in silence is stated (a receipt of the central, not a PUBACK, is what counts: U-7).
 */
export function brokerConfiguration({ listeners, passwordFile, aclFile, user }: BrokerSettings): string {
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
    'max_keepalive 300',
    'set_tcp_nodelay true',
    'sys_interval 0',
    'log_dest stderr',
    'log_type error',
    'log_type warning',
    'log_type notice',
    'log_type information',
    ...listeners.flatMap(({ host, port }) => [
      '',
      `listener ${port} ${host}`,
      'protocol mqtt',
      // One device cannot take another's session over by using its client id (D-3).
      'use_username_as_clientid true',
    ]),
    '',
  ].join('\n');
}
