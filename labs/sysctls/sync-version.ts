import {exchange, setSysctl, tells} from '../../src/lab/define.ts';
import {connection, datagrams} from '../../src/lab/exchange/told.ts';

const claim = 'Y-sync-version';

export default exchange({
  title: 'sync_version: the version of the protocol that the sync daemon speaks',
  claims: [claim],
  topology: 'farm',
  service: {protocol: 'udp', vip: 'VIP', port: 5300, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: 5301}],
  sync: {network: 'lan', id: 7},
  sysctls: {director: {'net.ipv4.vs.sync_version': 1}},
  // Each connection is told of with its third packet, the threshold by default.
  steps: [
    ...datagrams(3, 4000),
    tells([connection(4000)], {version: 1, proves: [claim]}),
    setSysctl('director', {'net.ipv4.vs.sync_version': 0}),
    ...datagrams(3, 4001),
    tells([connection(4001)], {version: 0, proves: [claim]}),
  ],
  counter: [
    {
      claim,
      when: 'it stays 1',
      change: {sysctls: {director: {'net.ipv4.vs.sync_version': 1}}},
      cause: 'other-sysctl',
    },
  ],
});
