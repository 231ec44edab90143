import {exchange, shows, tells} from '../../src/lab/define.ts';
import {connection, datagrams} from '../../src/lab/exchange/told.ts';

const claim = 'Y-sync-retries';
/** More than eight of the entry's 300 seconds have passed since its last packet. */
const later = shows({
  node: 'director',
  what: 'ipvsadm -Lnc',
  lines: ['^UDP +04:(5[01]|[0-4]\\d) +UDP +192\\.0\\.2\\.10:4000 '],
  within: 60,
});

export default exchange({
  title: 'sync_retries: how often a connection that nothing has changed in is told of again',
  claims: [claim],
  topology: 'farm',
  service: {protocol: 'udp', vip: 'VIP', port: 5300, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: 5301}],
  sync: {network: 'lan', id: 7},
  timeouts: {udp: 300},
  // An eighth of the period are seven seconds.
  sysctls: {
    director: {
      'net.ipv4.vs.sync_threshold': '3 5',
      'net.ipv4.vs.sync_refresh_period': 56,
      'net.ipv4.vs.sync_retries': 1,
    },
  },
  steps: [
    ...datagrams(3, 4000),
    tells([connection(4000)], {proves: [claim]}),
    later,
    ...datagrams(5, 4000),
    tells([connection(4000)], {proves: [claim]}),
    later,
    // Its thirteenth packet would be told of, before the third one of the next connection.
    ...datagrams(5, 4000),
    ...datagrams(3, 4001),
    tells([connection(4001)], {proves: [claim]}),
  ],
  counter: [0, 2].map(retries => ({
    claim,
    when: `it is ${retries}`,
    change: {sysctls: {director: {'net.ipv4.vs.sync_retries': retries}}},
    cause: 'other-sysctl',
  })),
});
