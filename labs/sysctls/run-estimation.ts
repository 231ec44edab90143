import {exchange, repeat, setSysctl, shows, untilEntries} from '../../src/lab/define.ts';

const datagrams = (times: number, port: number, payload: number) =>
  repeat(times, {from: 'client', ip: 'CIP > VIP', udp: {ports: `${port} > 5300`}, payload}, [
    ['client > director', {link: 'director > rs1', ip: 'CIP > RIP1', ports: `${port} > 5301`}],
  ]);
/** The service's line: connections, packets, bytes a second. Bytes, as their rate takes longest to fade. */
const rate = (bytes: string, within?: number) =>
  shows({
    node: 'director',
    what: 'ipvsadm -Ln --rate --exact',
    lines: [`^UDP +192\\.0\\.2\\.80:5300 +\\d+ +\\d+ +0 +${bytes} +0 *$`],
    ...(within === undefined ? {} : {within}),
    proves: ['Y-estimation'],
  });

export default exchange({
  title: 'run_estimation: rates follow the packets, or stay as they are',
  claims: ['Y-estimation'],
  topology: 'farm',
  needs: ['net.ipv4.vs.run_estimation'],
  service: {protocol: 'udp', vip: 'VIP', port: 5300, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: 5301}],
  // An estimator looks every two seconds: while an entry lives it would have looked twice.
  timeouts: {udp: 5},
  steps: [
    datagrams(10, 4000, 10),
    rate('[1-9]\\d?', 60),
    setSysctl('director', {'net.ipv4.vs.run_estimation': 0}),
    datagrams(100, 5000, 1400),
    untilEntries([]),
    rate('[1-9]\\d?'),
    setSysctl('director', {'net.ipv4.vs.run_estimation': 1}),
    datagrams(100, 6000, 1400),
    rate('\\d{4,}', 60),
  ],
  counter: [
    {
      claim: 'Y-estimation',
      when: 'run_estimation stays 1',
      change: {sysctls: {director: {'net.ipv4.vs.run_estimation': 1}}},
      cause: 'other-sysctl',
    },
  ],
});
