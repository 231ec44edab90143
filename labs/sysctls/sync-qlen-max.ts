import {exchange, repeat, tells} from '../../src/lab/define.ts';

const claim = 'Y-sync-qlen';
const [many, inOne] = [100, 40];
const connection = (port: number) => ({
  client: `CIP:${port}`,
  virtual: 'VIP:5300',
  server: 'RIP1:5301',
});

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
    repeat(
      many,
      {from: 'client', ip: 'CIP > VIP', udp: {ports: '4000 > 5300'}, payload: 'one of many'},
      [['client > director', {link: 'director > rs1', ip: 'CIP > RIP1', ports: '4000 > 5301'}]],
    ),
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
