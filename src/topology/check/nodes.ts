import type {Report} from '../finding.ts';
import type {Draft, DraftNode} from '../schema.ts';

/** Positions go into one byte of a MAC address each. */
const maximum = {nodes: 250, networks: 250, interfaces: 32};

/** Words that mean something else where a node is named: the chosen real server, no gateway, every node. */
export const reservedNodeNames: readonly string[] = ['rs', 'none', 'any', 'all'];

/** How many nodes and interfaces there are, what nodes are called, interfaces in order, each port served once. */
export function checkNodes({nodes, networks}: Draft, report: Report): void {
  const names = Object.keys(nodes);
  limit(Object.keys(networks ?? {}), ['networks'], maximum.networks, 'networks', report);
  limit(names, ['nodes'], maximum.nodes, 'nodes', report);
  for (const [name, node] of Object.entries(nodes)) {
    if (reservedNodeNames.includes(name))
      report({
        path: ['nodes', name],
        at: 'key',
        what: `reserved name of a node`,
        valid: [`any but ${reservedNodeNames.join(', ')}`],
        next: 'rename it',
      });
    if (node !== undefined) checkNode(name, node, report);
  }
}

function checkNode(name: string, node: DraftNode, report: Report): void {
  const interfaces = Object.keys(node.interfaces);
  const path = ['nodes', name, 'interfaces'];
  limit(interfaces, path, maximum.interfaces, `interfaces in node "${name}"`, report);
  for (const [index, interfaceName] of interfaces.entries())
    if (/^eth\d{1,2}$/.test(interfaceName) && interfaceName !== `eth${index}`)
      report({
        path: [...path, interfaceName],
        at: 'key',
        what: `interface out of order in node "${name}"`,
        valid: [`eth${index}`],
        next: `name interfaces eth0, eth1 ... in the order of the file: this one is eth${index}`,
      });
  const ports = new Set<number>();
  for (const [index, service] of node.services.entries()) {
    if (service === undefined) continue;
    if (ports.has(service.http))
      report({
        path: ['nodes', name, 'services', index, 'http'],
        at: 'value',
        what: `duplicate port in node "${name}"`,
        next: 'give each service a port of its own',
      });
    ports.add(service.http);
  }
}

function limit(
  names: readonly string[],
  path: readonly string[],
  most: number,
  what: string,
  report: Report,
): void {
  const first = names[most];
  if (first === undefined) return;
  report({
    path: [...path, first],
    at: 'key',
    what: `too many ${what}: ${names.length}`,
    valid: [`at most ${most}`],
    next: 'remove some',
  });
}
