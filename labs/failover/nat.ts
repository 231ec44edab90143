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
  title:
    'a director dies: the other announces the VIP and the gateway, and connections that were synced go on (NAT)',
  claims: ['K3'],
  topology: 'director-pair-nat',
  service: {vips: ['VIP'], port: 80, scheduler: 'rr'},
  realServers: [
    {node: 'rs1', forward: 'masq', port: 8080},
    {node: 'rs2', forward: 'masq', port: 8080},
  ],
  sharing: {
    interval: 1,
    routers: [
      {id: 51, network: 'outer', addresses: ['VIP'], priorities: {d1: 150, d2: 100}},
      {id: 52, network: 'inner', addresses: ['GATEWAY'], priorities: {d1: 150, d2: 100}},
    ],
    sync: {network: 'inner', id: 1, router: 51},
  },
  steps: [
    start,
    masters({51: ['d1'], 52: ['d1']}),
    connections({from: 'client', to: 'VIP', connections: 2, messages: 2, hold: 'held'}),
    synced('held', 'd2'),
    chat('held'),
    kill('d1'),
    masters({51: ['d2'], 52: ['d2']}),
    enough('held'),
    ask('held'),
    http({from: 'client', to: 'VIP', requests: 2}),
    release('held'),
  ],
  expect: {
    request: [
      {link: 'client > router', ip: 'CIP > VIP', ports: 'CPORT > 80'},
      {link: 'router > director'},
      {link: 'director > rs', ip: 'CIP > RIP', ports: 'CPORT > 8080', proves: ['K3']},
    ],
    reply: [
      {link: 'rs > director', ip: 'RIP > CIP', ports: '8080 > CPORT'},
      {link: 'director > router', ip: 'VIP > CIP', ports: '80 > CPORT', proves: ['K3']},
      {link: 'router > client'},
    ],
    never: [{at: 'client', anyAddress: ['RIP1', 'RIP2', 'GATEWAY']}],
    adverts: {proves: ['K3']},
    announced: {proves: ['K3']},
    synced: {proves: ['K3']},
    survive: {proves: ['K3']},
    answers: {proves: ['K3']},
  },
  counter: [
    {
      claim: 'K3',
      when: 'the directors run no connection sync daemon',
      change: {sync: false},
      cause: 'not-synced',
    },
  ],
});
