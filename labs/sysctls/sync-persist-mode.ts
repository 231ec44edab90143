import {exchange, packet, setSysctl, tells} from '../../src/lab/define.ts';

const claim = 'Y-sync-persist-mode';
const datagram = (port: number) =>
  packet({
    from: 'client',
    ip: 'CIP > VIP',
    udp: {ports: `${port} > 5300`},
    payload: 'once more',
    path: [
      'client > director',
      {link: 'director > rs1', ip: 'CIP > RIP1', ports: `${port} > 5301`},
    ],
  });
const of = (port: number) => ({client: `CIP:${port}`, virtual: 'VIP:5300', server: 'RIP1:5301'});
const template = of(0);
/** A template is told of with each packet; a connection of its own with the third. */
const told = (port: number, third: readonly ReturnType<typeof of>[]) =>
  [[template], [template], third].flatMap(connections => [
    datagram(port),
    tells(connections, {proves: [claim]}),
  ]);

export default exchange({
  title:
    'sync_persist_mode: of a persistent service the template alone is told of, or its connections too',
  claims: [claim],
  topology: 'farm',
  service: {
    protocol: 'udp',
    vip: 'VIP',
    port: 5300,
    scheduler: 'rr',
    persistence: {timeout: 120},
  },
  realServers: [{node: 'rs1', forward: 'masq', port: 5301}],
  sync: {network: 'lan', id: 7},
  sysctls: {director: {'net.ipv4.vs.sync_persist_mode': 1}},
  steps: [
    ...told(4000, [template]),
    setSysctl('director', {'net.ipv4.vs.sync_persist_mode': 0}),
    ...told(4001, [template, of(4001)]),
  ],
  counter: [
    {
      claim,
      when: 'it is 0 from the start',
      change: {sysctls: {director: {'net.ipv4.vs.sync_persist_mode': 0}}},
      cause: 'other-sysctl',
    },
  ],
});
