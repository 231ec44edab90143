import {exchange, tells} from '../../src/lab/define.ts';
import {connection, newConnections} from '../../src/lab/exchange/told.ts';

const claim = 'Y-sync-qlen';
const [many, inOne] = [100, 40];

// A message on a link with an MTU of 1500 has room for 40 connections of 36 bytes each, behind 20 of IP, 8 of UDP and 8 of its own.
export default exchange({
  title: 'sync_qlen_max: how many messages of the sync daemon may wait to be sent',
  claims: [claim],
  topology: 'farm',
  service: {protocol: 'udp', vip: 'VIP', port: 5300, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: 5301}],
  sync: {network: 'lan', id: 7},
  // Each connection is told of with its first packet.
  sysctls: {
    director: {'net.ipv4.vs.sync_threshold': '1 5', 'net.ipv4.vs.sync_qlen_max': 0},
  },
  steps: [
    newConnections(many, 4000, 'one of many'),
    // The first two messages were full, and lost; the last one the daemon takes by itself, two seconds after it was begun.
    tells(
      Array.from({length: many % inOne}, (_, i) => connection(4000 + many - (many % inOne) + i)),
      {proves: [claim]},
    ),
  ],
  counter: [
    {
      claim,
      when: 'it is 1000',
      change: {
        sysctls: {
          director: {'net.ipv4.vs.sync_qlen_max': 1000},
        },
      },
      cause: 'other-sysctl',
    },
  ],
});
