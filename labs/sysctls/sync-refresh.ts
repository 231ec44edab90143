import {exchange, tells} from '../../src/lab/define.ts';
import {connection, datagrams} from '../../src/lab/exchange/told.ts';

const claim = 'Y-sync-refresh';

export default exchange({
  title:
    'sync_refresh_period: a connection that nothing has changed in is not told of again so soon',
  claims: [claim],
  topology: 'farm',
  service: {protocol: 'udp', vip: 'VIP', port: 5300, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: 5301}],
  sync: {network: 'lan', id: 7},
  sysctls: {
    director: {'net.ipv4.vs.sync_threshold': '3 5', 'net.ipv4.vs.sync_refresh_period': 120},
  },
  steps: [
    ...datagrams(3, 4000),
    tells([connection(4000)], {proves: [claim]}),
    // Its eighth packet would be told of, before the third one of the next connection.
    ...datagrams(5, 4000),
    ...datagrams(3, 4001),
    tells([connection(4001)], {proves: [claim]}),
  ],
  counter: [
    {
      claim,
      when: 'it is 0',
      change: {
        sysctls: {
          director: {'net.ipv4.vs.sync_threshold': '3 5', 'net.ipv4.vs.sync_refresh_period': 0},
        },
      },
      cause: 'other-sysctl',
    },
  ],
});
