/** A small topology with everything in it, one thing a line, for tests that then spoil a line of it. */
export const sample = `name: sample
description: a client, a director and a real server behind a router
networks:
  outer: {v4: 192.0.2.0/24, v6: 2001:db8:1::/64}
  lan: {v4: 198.51.100.0/24, v6: 2001:db8:2::/64, mtu: 1400}
addresses:
  VIP: {network: lan, v4: 198.51.100.80, v6: 2001:db8:2::80}
nodes:
  client:
    role: client
    interfaces:
      eth0: {network: outer, v4: 192.0.2.10, v6: 2001:db8:1::10}
    routes:
      - {to: default, via: 192.0.2.1}
      - {to: 2001:db8:2::/64, via: 2001:db8:1::1}
  router:
    role: router
    interfaces:
      eth0: {network: outer, v4: 192.0.2.1, v6: 2001:db8:1::1}
      eth1: {network: lan, names: [RTR], v4: 198.51.100.1, v6: 2001:db8:2::1}
    sysctls:
      net.ipv4.ip_forward: 1
  director:
    role: director
    interfaces:
      eth0: {network: lan, names: [DIP, LIP], v4: 198.51.100.2, v6: 2001:db8:2::2}
  rs1:
    role: realServer
    interfaces:
      eth0: {network: lan, v4: 198.51.100.21, v6: 2001:DB8:2:0:0::21}
    routes:
      - {to: default, via: 198.51.100.1}
    services: [{http: 80}, {http: 8080}]
`;

/** A text with one part of it replaced; throws when the part is not there, so that no test spoils nothing. */
export function spoil(text: string, part: string, by: string): string {
  if (!text.includes(part)) throw new Error(`the text has no ${part}`);
  return text.replace(part, () => by);
}
