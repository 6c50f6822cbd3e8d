/** Bytes of a TCP stream and how they came about, both ways together. */
type Stream = { readonly bytes: number; readonly packets: number; readonly connections: number };

/** IPv4 and TCP with time stamps (RFC 9293, RFC 7323). */
const HEADERS = 52;
/** Ethernet's 1,500 less the headers. */
const SEGMENT = 1_448;
/** A receiver acknowledges every second segment (RFC 9293 3.8.6.3). */
const WITH_ACKNOWLEDGMENT = 1.5;
/** SYN, SYN-ACK, ACK and a FIN each way with their answers. */
const SHAKING_HANDS = 400;

/**
 * An estimate of what a stream took on the link: its bytes, a header for each MQTT packet and each full segment, and half
 * as many acknowledgments. What TCP had to send again is not in it.
 */
export const wireBytes = ({ bytes, packets, connections }: Stream): number =>
  bytes +
  Math.ceil((packets + Math.floor(bytes / SEGMENT)) * HEADERS * WITH_ACKNOWLEDGMENT) +
  connections * SHAKING_HANDS;
