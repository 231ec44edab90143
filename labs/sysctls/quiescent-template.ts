import {edit, exchange, packet, setSysctl, untilEntries} from '../../src/lab/define.ts';

/** A new connection of the client, from a port of its own. */
const open = (port: number, server: 'rs1' | 'rs2', ...proves: string[]) =>
  packet({
    from: 'client',
    ip: 'CIP > VIP',
    tcp: {ports: `${port} > 80`, flags: 'S', seq: port},
    path: [
      'client > director',
      {
        link: `director > ${server}`,
        ip: server === 'rs1' ? 'CIP > RIP1' : 'CIP > RIP2',
        ports: `${port} > 8080`,
        proves,
      },
    ],
  });
const entry = (port: number, server: string) => ({
  client: `CIP:${port}`,
  virtual: 'VIP:80',
  server: `${server}:8080`,
  state: 'SYN_RECV',
});
const template = (server: string) => ({...entry(0, server), state: 'NONE'});
const [stays, goes] = ['Y-quiescent-0', 'Y-quiescent-1'];

export default exchange({
  title: 'expire_quiescent_template: a persistent client whose real server gets the weight 0',
  claims: [stays, goes],
  topology: 'farm',
  service: {
    protocol: 'tcp',
    vip: 'VIP',
    port: 80,
    scheduler: 'rr',
    persistence: {timeout: 300},
  },
  realServers: [
    {node: 'rs1', forward: 'masq', port: 8080},
    {node: 'rs2', forward: 'masq', port: 8080, weight: 0},
  ],
  sysctls: {director: {'net.ipv4.vs.expire_quiescent_template': 0}},
  steps: [
    open(4000, 'rs1'),
    untilEntries([entry(4000, 'RIP1'), template('RIP1')]),
    edit({weights: {rs1: 0, rs2: 1}}),
    open(4001, 'rs1', stays),
    untilEntries([entry(4000, 'RIP1'), entry(4001, 'RIP1'), template('RIP1')], {proves: [stays]}),
    setSysctl('director', {'net.ipv4.vs.expire_quiescent_template': 1}),
    open(4002, 'rs2', goes),
    untilEntries(
      [
        entry(4000, 'RIP1'),
        entry(4001, 'RIP1'),
        entry(4002, 'RIP2'),
        template('RIP2'),
        // What the template was is out of use: ip_vs_check_template writes these ports, and waits for its end.
        {client: 'CIP:0', virtual: 'VIP:65535', server: 'RIP1:65535', state: 'NONE'},
      ],
      {proves: [goes]},
    ),
  ],
  counter: [
    {
      claim: goes,
      when: 'expire_quiescent_template stays 0',
      change: {sysctls: {director: {'net.ipv4.vs.expire_quiescent_template': 0}}},
      cause: 'other-sysctl',
    },
    {
      claim: stays,
      when: 'expire_quiescent_template is 1 from the start',
      change: {sysctls: {director: {'net.ipv4.vs.expire_quiescent_template': 1}}},
      cause: 'other-sysctl',
    },
  ],
});
