import {connections, lab} from '../../src/lab/define.ts';
import {drouteOnOneLan} from '../../src/lab/paths.ts';

export default lab({
  title: 'Persistence with a netmask: clients of one /28 share a template and a real server',
  claims: ['P-persistence-netmask'],
  topology: 'farm',
  service: {
    protocol: 'tcp',
    vip: 'VIP',
    port: 80,
    scheduler: 'rr',
    persistence: {timeout: 300, netmask: '255.255.255.240'},
  },
  realServers: [
    {node: 'rs1', forward: 'droute'},
    {node: 'rs2', forward: 'droute'},
    {node: 'rs3', forward: 'droute'},
  ],
  // From .100 on: clients of three networks of 16 addresses.
  traffic: connections({from: 'client', to: 'VIP', connections: 80, sources: 40}),
  expect: {
    ...drouteOnOneLan,
    entries: {proves: ['P-persistence-netmask']},
    answers: {proves: ['P-persistence-netmask']},
    schedule: {proves: ['P-persistence-netmask']},
  },
  counter: [
    {
      claim: 'P-persistence-netmask',
      when: 'each client is a group of its own',
      change: {service: {persistence: {timeout: 300}}},
      cause: 'other-persistence',
    },
  ],
});
