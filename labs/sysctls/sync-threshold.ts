import {exchange, tells} from '../../src/lab/define.ts';
import {connection, datagrams} from '../../src/lab/exchange/told.ts';

const claim = 'Y-sync-threshold';

export default exchange({
  title:
    'sync_threshold, sync_period: after which packets of a connection the sync daemon tells of it',
  claims: [claim],
  topology: 'farm',
  service: {protocol: 'udp', vip: 'VIP', port: 5300, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: 5301}],
  sync: {network: 'lan', id: 7},
  sysctls: {director: {'net.ipv4.vs.sync_threshold': '3 5'}},
  steps: [
    // One short of the threshold: were it told of, that would stand before the next one.
    ...datagrams(2, 4000),
    ...datagrams(3, 4001),
    tells([connection(4001)], {proves: [claim]}),
    ...datagrams(5, 4001),
    tells([connection(4001)], {proves: [claim]}),
    ...datagrams(1, 4000),
    tells([connection(4000)], {proves: [claim]}),
  ],
  counter: [
    {
      claim,
      when: 'the threshold is 2',
      change: {sysctls: {director: {'net.ipv4.vs.sync_threshold': '2 5'}}},
      cause: 'other-sysctl',
    },
  ],
});
