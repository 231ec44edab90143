import {parsePerCpu} from '../ipvs/percpu.ts';
import type {Case} from './case.ts';
import {boundsOf, countedAt} from './counted.ts';
import type {Finding} from './finding.ts';

/** What the counters of IPVS tell of where packets went. */
export const fromCounters = (judged: Case): readonly Finding[] => [
  ['not-by-ipvs', uncounted(judged)],
];

/** Directors that sent on what is for the service while IPVS counted nothing. */
function uncounted(judged: Case): readonly string[] {
  return (judged.expectation.counters?.nodes ?? []).flatMap(node => {
    const total = parsePerCpu(judged.run.text(node, 'ip-vs-stats-percpu'));
    const {least} = boundsOf(countedAt(judged, node), () => 'sure');
    return total?.packetsIn === 0 && total.connections === 0 && least.packetsIn > 0
      ? [
          `${node} sent on ${least.packetsIn} packets to the VIP, and /proc/net/ip_vs_stats_percpu shows 0`,
        ]
      : [];
  });
}
