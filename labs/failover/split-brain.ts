import {block, cure, failover, http, knows, masters, start, whoHas} from '../../src/lab/define.ts';

const requests = http({from: 'client', to: 'VIP', requests: 2});

export default failover({
  title:
    'split brain: without VRRP between them both directors are master; the cure leaves one, which announces the VIP again',
  claims: ['K4'],
  topology: 'director-pair',
  service: {vips: ['VIP'], port: 80, scheduler: 'rr'},
  realServers: [
    {node: 'rs1', forward: 'droute'},
    {node: 'rs2', forward: 'droute'},
  ],
  sharing: {
    interval: 1,
    routers: [{id: 51, network: 'lan', addresses: ['VIP'], priorities: {d1: 150, d2: 100}}],
  },
  steps: [
    start,
    masters({51: ['d1']}),
    requests,
    whoHas('VIP', 'rs1'),
    block('d1', 'd2'),
    // The last one who announced the VIP gets what is sent to it.
    masters({51: ['d1', 'd2']}),
    knows('router', 'VIP', 'd2'),
    requests,
    whoHas('VIP', 'rs1'),
    cure,
    masters({51: ['d1']}),
    knows('router', 'VIP', 'd1'),
    requests,
    whoHas('VIP', 'rs1'),
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
    asked: {proves: ['K4']},
  },
  counter: [
    {
      claim: 'K4',
      when: 'the firewall goes on dropping VRRP',
      change: {cure: false},
      cause: 'adverts-blocked',
    },
    {
      claim: 'K4',
      when: 'nobody announces the VIP again after the cure',
      change: {announceAgain: false},
      cause: 'not-announced',
    },
  ],
});
