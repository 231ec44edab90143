import {connections, lab, timeouts, untilExpired} from '../../src/lab/define.ts';
import {drouteOnOneLan} from '../../src/lab/paths.ts';

export default lab({
  title: "Persistence ends: after its template's time a client is scheduled anew",
  claims: ['P-persistence-expiry'],
  topology: 'farm',
  service: {
    protocol: 'tcp',
    vip: 'VIP',
    port: 80,
    scheduler: 'rr',
    persistence: {timeout: 10},
  },
  realServers: [
    {node: 'rs1', forward: 'droute'},
    {node: 'rs2', forward: 'droute'},
    {node: 'rs3', forward: 'droute'},
  ],
  // A template waits for the entries of its connections: they must be over before its time, and not before a FIN that is
  // sent once more on a slow machine.
  traffic: [
    timeouts({finWait: 5}),
    connections({from: 'client', to: 'VIP', connections: 4, sources: 2}),
    untilExpired(),
    timeouts({finWait: 120}),
    connections({from: 'client', to: 'VIP', connections: 4, sources: 2}),
  ],
  expect: {
    ...drouteOnOneLan,
    entries: {proves: ['P-persistence-expiry']},
    answers: {proves: ['P-persistence-expiry']},
    schedule: {proves: ['P-persistence-expiry']},
    expiry: {proves: ['P-persistence-expiry']},
  },
  counter: [
    {
      claim: 'P-persistence-expiry',
      when: 'the service is persistent for 300 seconds',
      change: {service: {persistence: {timeout: 300}}},
      cause: 'other-persistence',
    },
  ],
});
