import {exchange, repeat, setSysctl, tells} from '../../src/lab/define.ts';

const claim = 'Y-sync-version';
/** Three datagrams of one connection, one after the other: the threshold by default. */
const datagrams = (port: number) =>
  Array.from({length: 3}, () =>
    repeat(
      1,
      {from: 'client', ip: 'CIP > VIP', udp: {ports: `${port} > 5300`}, payload: 'once more'},
      [['client > director', {link: 'director > rs1', ip: 'CIP > RIP1', ports: `${port} > 5301`}]],
    ),
  );
const connection = (port: number) => ({
  client: `CIP:${port}`,
  virtual: 'VIP:5300',
  server: 'RIP1:5301',
});

export default exchange({
  title: 'sync_version: the version of the protocol that the sync daemon speaks',
  claims: [claim],
  topology: 'farm',
  service: {protocol: 'udp', vip: 'VIP', port: 5300, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: 5301}],
  sync: {network: 'lan', id: 7},
  sysctls: {director: {'net.ipv4.vs.sync_version': 1}},
  steps: [
    ...datagrams(4000),
    tells([connection(4000)], {version: 1, proves: [claim]}),
    setSysctl('director', {'net.ipv4.vs.sync_version': 0}),
    ...datagrams(4001),
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
