import { z } from 'zod';

const count = z.int().min(0);

/** SIP over TLS, and MGCP: classified, counted and paced, never read. */
const UNREAD_PROTOCOLS = ['tls', 'mgcp'] as const;
export type UnreadProtocol = (typeof UNREAD_PROTOCOLS)[number];

/**
 * What a phone said and heard in signalling that the box can't read, since the last record that says so: calls that it
 * makes in it are not metered here. IP packets and bytes, as the kernel counted them.
 */
export const SignallingUnreadSchema = z.strictObject({
  kind: z.literal('signalling-unread'),
  phone: z.ipv4(),
  protocol: z.enum(UNREAD_PROTOCOLS),
  sentPackets: count,
  sentBytes: count,
  heardPackets: count,
  heardBytes: count,
});
export type SignallingUnread = z.infer<typeof SignallingUnreadSchema>;
