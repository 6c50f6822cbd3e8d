import { DATA, type DataPlane, DIAGNOSTIC_PORTS } from './data-plane.ts';

const portsOf = (number: number): string => {
  const first = DIAGNOSTIC_PORTS.first + number * DIAGNOSTIC_PORTS.perLink;
  return `${first}-${first + DIAGNOSTIC_PORTS.perLink - 1}`;
};

/** D-3: a test that support orders is no way into the box itself or the networks of the client. `inside`: their interfaces. */
export const linkTestsStayOut = ({ links }: DataPlane, inside: string): string[] =>
  links.map(
    ({ number }) => `    oifname { "lo", ${inside} } meta l4proto { tcp, udp } th sport ${portsOf(number)} reject`,
  );

/** A test of a link keeps to it, dead or alive, and is data: marked by who makes it, or known by its port. */
export const linkTestRules = ({ links }: DataPlane): string[] =>
  links.flatMap(({ number }) => {
    const ports = portsOf(number);
    return [
      `    meta l4proto { tcp, udp } th sport ${ports} meta mark set ${DATA | number} ct zone set ${number} accept`,
      `    meta mark ${DATA | number} ct zone set ${number} accept`,
    ];
  });
