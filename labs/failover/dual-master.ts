import {
  ask,
  chat,
  connections,
  enough,
  failover,
  http,
  kill,
  masters,
  release,
  start,
  synced,
} from '../../src/lab/define.ts';

export default failover({
  title: 'two VIPs: each director is master of one, and when one dies the other has both',
  claims: ['K4'],
  topology: 'director-pair',
  service: {vips: ['VIP', 'VIP2'], port: 80, scheduler: 'rr'},
  realServers: [
    {node: 'rs1', forward: 'droute'},
    {node: 'rs2', forward: 'droute'},
  ],
  sharing: {
    interval: 1,
    routers: [
      {id: 51, network: 'lan', addresses: ['VIP'], priorities: {d1: 150, d2: 100}},
      {id: 52, network: 'lan', addresses: ['VIP2'], priorities: {d1: 100, d2: 150}},
    ],
    sync: {network: 'lan', id: 1, router: 51},
  },
  steps: [
    start,
    masters({51: ['d1'], 52: ['d2']}),
    connections({from: 'client', to: 'VIP', connections: 2, messages: 2, hold: 'first'}),
    http({from: 'client', to: 'VIP2', requests: 2}),
    synced('first', 'd2'),
    chat('first'),
    kill('d1'),
    masters({51: ['d2'], 52: ['d2']}),
    enough('first'),
    ask('first'),
    http({from: 'client', to: 'VIP', requests: 2}),
    http({from: 'client', to: 'VIP2', requests: 2}),
    release('first'),
  ],
  expect: {
    request: [
      {link: 'client > router', ip: 'CIP > VIP', ports: 'CPORT > 80'},
      {link: 'router > director', proves: ['K4']},
      {link: 'director > rs'},
    ],
    reply: [{link: 'rs > router', ip: 'VIP > CIP', ports: '80 > CPORT'}, {link: 'router > client'}],
    adverts: {proves: ['K4']},
    announced: {proves: ['K4']},
    synced: {proves: ['K4']},
    survive: {proves: ['K4']},
    answers: {proves: ['K4']},
  },
  counter: [
    {
      claim: 'K4',
      when: 'the first director has the higher priority for both VIPs',
      change: {priorities: {52: {d1: 150, d2: 100}}},
      cause: 'other-priority',
    },
  ],
});
