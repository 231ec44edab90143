import {exchange, tells} from '../../src/lab/define.ts';
import {connection, newConnections} from '../../src/lab/exchange/told.ts';

const claim = 'Y-sync-ports';
const many = 30;
const datagrams = newConnections(many, 4000, 'once more');

export default exchange({
  title: 'sync_ports: the sync daemon has several threads, each with a UDP port of its own',
  claims: [claim],
  topology: 'farm',
  service: {protocol: 'udp', vip: 'VIP', port: 5300, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: 5301}],
  sync: {network: 'lan', id: 7},
  sysctls: {director: {'net.ipv4.vs.sync_ports': 2}},
  steps: [
    datagrams,
    datagrams,
    datagrams,
    // Which thread a connection gets depends on where it lies in memory: of thirty each thread gets some.
    tells(
      Array.from({length: many}, (_, i) => connection(4000 + i)),
      {ports: [8848, 8849], proves: [claim]},
    ),
  ],
  counter: [
    {
      claim,
      when: 'it is 1',
      change: {sysctls: {director: {'net.ipv4.vs.sync_ports': 1}}},
      cause: 'other-sysctl',
    },
  ],
});
