import {partsOf} from '../trace/essence.ts';
import type {Trace} from '../trace/types.ts';
import {directionOf} from './connections.ts';
import type {Measured} from './types.ts';

type Bytes = Measured['nodes'][string];

/** The bytes of whole frames (Ethernet header included, no FCS) of all flows that each node received and sent. */
export function measure({flows}: Trace): Measured {
  const nodes = new Map<string, Bytes>();
  const add = (node: string | undefined, key: keyof Bytes, bytes: number): void => {
    if (node === undefined) return;
    const sums = nodes.get(node) ?? {requestIn: 0, requestOut: 0, replyIn: 0, replyOut: 0};
    nodes.set(node, {...sums, [key]: sums[key] + bytes});
  };
  for (const flow of flows)
    for (const path of flow.paths) {
      const request = directionOf(flow, path) === 'request';
      for (const {from, to, any} of path.crossings.flatMap(partsOf)) {
        add(from, request ? 'requestOut' : 'replyOut', any.frame.originalLength);
        add(to, request ? 'requestIn' : 'replyIn', any.frame.originalLength);
      }
    }
  return {nodes: Object.fromEntries(nodes)};
}
