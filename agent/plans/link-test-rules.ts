import { DATA, type DataPlane, DIAGNOSTIC_PORTS } from './data-plane.ts';

/** A test of a link keeps to it, dead or alive, and is data: marked by who makes it, or known by its port. */
export const linkTestRules = ({ links }: DataPlane): string[] =>
  links.flatMap(({ number }) => {
    const first = DIAGNOSTIC_PORTS.first + number * DIAGNOSTIC_PORTS.perLink;
    const ports = `${first}-${first + DIAGNOSTIC_PORTS.perLink - 1}`;
    return [
      `    meta l4proto { tcp, udp } th sport ${ports} meta mark set ${DATA | number} ct zone set ${number} accept`,
      `    meta mark ${DATA | number} ct zone set ${number} accept`,
    ];
  });
