import {exchange, packet} from '../../src/lab/define.ts';

const init = {
  kind: 'init' as const,
  initiateTag: 0x5ac7,
  receiverWindow: 65_536,
  outboundStreams: 1,
  inboundStreams: 1,
  initialTsn: 77,
  parameters: [],
};
const proves = ['H-checksum-sctp'];

export default exchange({
  title: 'NAT: SCTP with a bad CRC32c, where a port is translated',
  claims: proves,
  topology: 'two-arm-nat',
  needs: ['ipvs-sctp'],
  service: {protocol: 'sctp', vip: 'VIP', port: 3868, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: 3869}],
  steps: [
    packet({
      from: 'client',
      ip: 'CIP > VIP',
      sctp: {ports: '4000 > 3868', tag: 0, chunks: [init], checksum: 'bad'},
      path: [
        'client > router',
        'router > director',
        {
          link: 'director > rs1',
          ip: 'CIP > RIP1',
          ports: '4000 > 3869',
          checksum: 'good',
          proves,
        },
      ],
    }),
  ],
  counter: [],
});
