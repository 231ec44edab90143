import {
  http,
  keepalived,
  lab,
  startServer,
  stopServer,
  untilBack,
  untilRemoved,
} from '../../src/lab/define.ts';
import {drouteOnOneLan} from '../../src/lab/paths.ts';

const requests = http({from: 'client', to: 'VIP', requests: 4});

export default lab({
  title: 'keepalived takes a real server out when its server is dead, and puts it back',
  claims: ['K2'],
  topology: 'farm',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [
    {node: 'rs1', forward: 'droute'},
    {node: 'rs2', forward: 'droute'},
  ],
  traffic: [
    keepalived({check: {interval: 1, timeout: 5}}),
    requests,
    stopServer('rs1'),
    untilRemoved('rs1'),
    requests,
    startServer('rs1'),
    untilBack('rs1'),
    requests,
  ],
  expect: {
    ...drouteOnOneLan,
    answers: {proves: ['K2']},
    schedule: {proves: ['K2']},
    health: {proves: ['K2']},
  },
  counter: [
    {
      claim: 'K2',
      when: 'keepalived does not check its real servers',
      change: {keepalived: {checks: false}},
      cause: 'dead-server-kept',
    },
  ],
});
