import {entries, exchange, packet, setSysctl} from '../../src/lab/define.ts';

const toDirector = ['client > router', 'router > director'];
const fromClient = {
  from: 'client',
  ip: 'CIP > VIP',
  sctp: {
    ports: '4000 > 80',
    tag: 0x5ac7,
    chunks: [
      {
        kind: 'data' as const,
        tsn: 77,
        stream: 0,
        streamSequence: 3,
        payloadProtocol: 0,
        data: Buffer.from('on it goes'),
      },
    ],
  },
};

export default exchange({
  title: 'sloppy_sctp: a chunk in the middle of an association that the director does not know',
  claims: ['Y-sloppy-sctp'],
  topology: 'two-arm-nat',
  // The director itself answers what IPVS does not take.
  needs: ['ipvs-sctp', 'sctp'],
  service: {protocol: 'sctp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: 8080}],
  sysctls: {director: {'net.ipv4.vs.sloppy_sctp': 0}},
  steps: [
    packet({
      ...fromClient,
      path: toDirector,
      causes: [
        {
          ip: 'VIP > CIP',
          ports: '80 > 4000',
          sctp: {chunk: 6},
          path: [{link: 'director > router', proves: ['Y-sloppy-sctp']}, 'router > client'],
        },
      ],
    }),
    entries([], {proves: ['Y-sloppy-sctp']}),
    setSysctl('director', {'net.ipv4.vs.sloppy_sctp': 1}),
    packet({
      ...fromClient,
      path: [
        ...toDirector,
        {
          link: 'director > rs1',
          ip: 'CIP > RIP1',
          ports: '4000 > 8080',
          proves: ['Y-sloppy-sctp'],
        },
      ],
    }),
    entries([{client: 'CIP:4000', virtual: 'VIP:80', server: 'RIP1:8080', state: 'ESTABLISHED'}], {
      proves: ['Y-sloppy-sctp'],
    }),
    packet({
      from: 'rs1',
      ip: 'RIP1 > CIP',
      sctp: {
        ports: '8080 > 4000',
        tag: 0xca11,
        chunks: [
          {kind: 'sack', cumulativeTsn: 77, receiverWindow: 65_536, gaps: [], duplicates: []},
        ],
      },
      path: [
        'rs1 > director',
        {link: 'director > router', ip: 'VIP > CIP', ports: '80 > 4000'},
        'router > client',
      ],
    }),
  ],
  counter: [
    {
      claim: 'Y-sloppy-sctp',
      when: 'sloppy_sctp stays 0',
      change: {sysctls: {director: {'net.ipv4.vs.sloppy_sctp': 0}}},
      cause: 'other-sysctl',
    },
  ],
});
