import type {Flow, Path} from '../trace/types.ts';
import {departure} from '../trace/essence.ts';

/**
 * A flow of datagrams as one-packet scheduling sees it (ip_vs_core.c, IP_VS_CONN_F_ONE_PACKET): each request is a
 * connection of its own, with the replies that come before the next one. The client sends the next request when it has
 * its answer. Paths without a request before them are of the first.
 */
export function perDatagram(flow: Flow, isRequest: (path: Path) => boolean): readonly Flow[] {
  const parts: Path[][] = [];
  for (const path of flow.paths.toSorted((a, b) => Number(startOf(a) - startOf(b)))) {
    const last = parts.at(-1);
    if (last === undefined || (isRequest(path) && last.some(isRequest))) parts.push([path]);
    else last.push(path);
  }
  const {tuple, origin} = flow;
  const begins = parts.map(([first]) => (first === undefined ? 0n : startOf(first)));
  const partOf = (error: Path): number =>
    Math.max(
      0,
      begins.findLastIndex(begin => begin <= startOf(error)),
    );
  return parts.map((paths, i) => ({
    tuple,
    origin,
    paths,
    errors: flow.errors.filter(error => partOf(error) === i),
  }));
}

const startOf = ({crossings: [first]}: Path): bigint =>
  first === undefined ? 0n : departure(first);
