import {contains, familyName, parseAddress, parsePrefix, type Address, type Prefix} from '../ip.ts';
import {correct, objectAt, type Path, type Report} from '../finding.ts';
import type {Draft, DraftNode} from '../schema.ts';
import type {Family} from '../types.ts';
import type {Networks} from './networks.ts';

/** Routes: gateway on a link of the node and not the node itself, destination of the gateway's family, given once. */
export function checkRoutes({nodes}: Draft, networks: Networks, report: Report): void {
  for (const [name, node] of Object.entries(nodes)) {
    const seen = new Set<string>();
    for (const [index, route] of (node?.routes ?? []).entries()) {
      if (node === undefined || route === undefined) continue;
      const path = ['nodes', name, 'routes', index];
      const via = parseAddress(route.via);
      const to = readDestination(route.to, [...path, 'to'], report);
      if (via === undefined) {
        report({
          path: [...path, 'via'],
          at: 'value',
          what: `not an address: via of ${objectAt(path)}`,
          next: 'write an IPv4 or IPv6 address without prefix length',
        });
        continue;
      }
      checkGateway(node, via, path, networks, report);
      if (to === undefined) continue;
      if (to !== 'default' && to.family !== via.family) {
        report({
          path: [...path, 'via'],
          at: 'value',
          what: `${familyName[via.family]} gateway for an ${familyName[to.family]} destination: via of ${objectAt(path)}`,
          next: `give an ${familyName[to.family]} gateway`,
        });
        continue;
      }
      const key = to === 'default' ? `default ${via.family}` : to.text;
      if (seen.has(key))
        report({
          path: [...path, 'to'],
          at: 'value',
          what: `duplicate ${familyName[via.family]} destination: to of ${objectAt(path)}`,
          next: 'keep one route to each destination',
        });
      seen.add(key);
    }
  }
}

function readDestination(text: string, path: Path, report: Report): Prefix | 'default' | undefined {
  if (text === 'default') return text;
  const prefix = parsePrefix(text);
  if (!('wrong' in prefix)) return prefix;
  report({
    path,
    at: 'value',
    what: `${prefix.wrong}: to of ${objectAt(path.slice(0, -1))}`,
    valid: prefix.valid ?? ['default', 'a prefix in CIDR form'],
    next: correct(text, ['default'], prefix.next),
  });
  return undefined;
}

function checkGateway(
  node: DraftNode,
  via: Address,
  path: Path,
  networks: Networks,
  report: Report,
): void {
  const own = Object.values(node.interfaces).some(
    link => link !== undefined && parseAddress(link[via.family] ?? '')?.text === via.text,
  );
  const links = linksOf(node, via.family, networks);
  const wrong = (what: string, valid: readonly string[] = []): void =>
    report({
      path: [...path, 'via'],
      at: 'value',
      what: `${what}: via of ${objectAt(path)}`,
      valid,
      next: 'choose the address of a neighbour on a network of the node',
    });
  if (own) wrong('the gateway is the node itself');
  else if (links === 'unknown') return;
  else if (links.length === 0) wrong(`the node has no ${familyName[via.family]} address`);
  else if (!links.some(prefix => contains(prefix, via)))
    wrong(
      'the gateway is on no network of the node',
      links.map(({text}) => text),
    );
}

/** The prefixes in which the node has an address; `unknown` when an error elsewhere hides one. */
function linksOf(
  node: DraftNode,
  family: Family,
  networks: Networks,
): readonly Prefix[] | 'unknown' {
  const prefixes: Prefix[] = [];
  for (const link of Object.values(node.interfaces)) {
    if (link === undefined) return 'unknown';
    if (link[family] === undefined) continue;
    const prefix = networks.prefix(link.network, family);
    if (prefix === 'unknown' || prefix === 'none') return 'unknown';
    prefixes.push(prefix);
  }
  return prefixes;
}
