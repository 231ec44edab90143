import {contains, parseAddress, parsePrefix} from '../topology/ip.ts';
import type {Family} from '../topology/types.ts';

/** A line of `ip route` (iproute2, ip-route(8)). */
export interface ListedRoute {
  /** CIDR prefix or `default`. */
  readonly to: string;
  readonly via: string | undefined;
  readonly line: string;
}

/** Reads `ip -4 route; ip -6 route`; lines of another form are left out. */
export function parseRoutes(text: string): readonly ListedRoute[] {
  return text.split('\n').flatMap(raw => {
    const line = raw.trim();
    const words = line.split(/\s+/);
    const to = words[0] ?? '';
    const unusable = ['unreachable', 'blackhole', 'prohibit', 'throw', ''].includes(to);
    const at = words.indexOf('via');
    return unusable ? [] : [{to, via: at < 0 ? undefined : words[at + 1], line}];
  });
}

/** The gateways of the default routes of a family. */
export const defaultGateways = (text: string, family: Family): readonly string[] =>
  parseRoutes(text).flatMap(({to, via}) =>
    to === 'default' && via !== undefined && parseAddress(via)?.family === family ? [via] : [],
  );

/** The routes that lead to the address. A default route without a gateway counts for both families. */
export function routesTo(text: string, address: string): readonly ListedRoute[] {
  const target = parseAddress(address);
  if (target === undefined) return [];
  return parseRoutes(text).filter(({to, via}) => {
    if (to === 'default') return via === undefined || parseAddress(via)?.family === target.family;
    const host = parseAddress(to);
    if (host !== undefined) return host.text === target.text;
    const prefix = parsePrefix(to);
    return !('wrong' in prefix) && contains(prefix, target);
  });
}
