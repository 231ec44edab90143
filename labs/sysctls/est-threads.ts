import {exchange, packet, setSysctl, shows} from '../../src/lab/define.ts';

const claims = ['Y-est-cpulist', 'Y-est-nice'];
const [cpulist, nice] = ['net.ipv4.vs.est_cpulist', 'net.ipv4.vs.est_nice'] as const;
/** Of all the threads; the kernel stops the old ones and starts others. */
const threads = (niceness: number, cpus: number) =>
  shows({
    node: 'director',
    what: 'estimator threads',
    lines: [`^ipvs-e:\\d+:0 nice ${niceness} cpus ${cpus}$`],
    not: [`^ipvs-e:.* nice (?!${niceness} )`, `^ipvs-e:.* cpus (?!${cpus}$)`],
    within: 30,
    proves: claims,
  });
const datagram = (port: number) =>
  packet({
    from: 'client',
    ip: 'CIP > VIP',
    udp: {ports: `${port} > 5300`},
    payload: 'to count',
    path: [
      'client > director',
      {link: 'director > rs1', ip: 'CIP > RIP1', ports: `${port} > 5301`},
    ],
  });

// The lab host has two processors.
export default exchange({
  title: 'est_cpulist, est_nice: where and how urgently the threads run that estimate rates',
  claims,
  topology: 'farm',
  service: {protocol: 'udp', vip: 'VIP', port: 5300, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: 5301}],
  sysctls: {director: {[cpulist]: 0, [nice]: 5}},
  steps: [
    datagram(4000),
    threads(5, 0),
    setSysctl('director', {[cpulist]: 1, [nice]: -5}),
    threads(-5, 1),
    datagram(4001),
  ],
  counter: [
    {
      claim: 'Y-est-cpulist',
      when: 'est_cpulist stays 0',
      change: {sysctls: {director: {[cpulist]: 0}}},
      cause: 'other-sysctl',
    },
    {
      claim: 'Y-est-nice',
      when: 'est_nice stays 5',
      change: {sysctls: {director: {[nice]: 5}}},
      cause: 'other-sysctl',
    },
  ],
});
