import type {PlanStep} from './steps.ts';

/** Below the ports that Linux chooses from (ip_local_port_range: 32768 to 60999). */
const firstPort = 10_000;

/**
 * The steps with a source port for each connection that has none, no two the same. What Linux chooses may come twice within
 * a lab: the second connection would meet the first one's entry, and is not scheduled (net/netfilter/ipvs/ip_vs_core.c,
 * is_new_conn_expected). FTP's clients choose for themselves, as they must.
 */
export function withPorts(steps: readonly PlanStep[]): PlanStep[] {
  let next = firstPort;
  const take = (count: number): number => (next += count) - count;
  return steps.map(step => {
    if (step.kind === 'http') {
      const {requests} = step;
      return {...step, requests: {...requests, sourcePort: take(requests.requests)}};
    }
    if (step.kind !== 'connections') return step;
    const connections = step.traffic.connections.map(one => ({
      ...one,
      sourcePort: one.sourcePort ?? take(1),
    }));
    return {...step, traffic: {...step.traffic, connections}};
  });
}
