import {exchange, packet} from '../../src/lab/define.ts';

/** Padding options of eight bytes (RFC 8200, 4.2): hop by hop, destination. */
const [hopByHop, destination] = [0, 60].map(type => ({type, body: '010400000000'}));
const chains = [[destination], [hopByHop, destination]].map(chain =>
  chain.filter(one => one !== undefined),
);
const inward = (port: number, ...proves: string[]) => [
  'client > router',
  'router > director',
  {link: 'director > rs1', ip: 'CIP > RIP1', ports: `${port} > 21`, proves},
];
const outward = (port: number, ...proves: string[]) => [
  'rs1 > director',
  {link: 'director > router', ip: 'VIP > CIP', ports: `21 > ${port}`, proves},
  'router > client',
];
const good = 'Y-v6-ext-good';
const bad = 'Y-v6-ext-bad';

// The FTP helper is there for its own sake only: a kernel looks at checksums of connections that have a helper.
export default exchange({
  title: 'IPv6: good and bad TCP checksums behind extension headers, on a connection with a helper',
  claims: [good, bad],
  topology: 'two-arm-nat',
  family: 'v6',
  needs: ['ipvs-ftp', 'ipvs-ipv6'],
  service: {protocol: 'tcp', vip: 'VIP', port: 21, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: 21}],
  steps: chains.flatMap((extensions, i) => {
    const port = 4000 + i;
    const [up, down] = [`${port} > 21`, `21 > ${port}`];
    const fromClient = {from: 'client', ip: 'CIP > VIP', extensions};
    const fromRs1 = {from: 'rs1', ip: 'RIP1 > CIP', extensions};
    return [
      packet({
        ...fromClient,
        tcp: {ports: up, flags: 'S', seq: 1000, checksum: 'bad'},
        path: ['client > router', {link: 'router > director', proves: [bad]}],
      }),
      packet({...fromClient, tcp: {ports: up, flags: 'S', seq: 1000}, path: inward(port, good)}),
      packet({
        ...fromRs1,
        tcp: {ports: down, flags: 'S.', seq: 5000, ack: 1001, checksum: 'bad'},
        path: [{link: 'rs1 > director', proves: [bad]}],
      }),
      packet({
        ...fromRs1,
        tcp: {ports: down, flags: 'S.', seq: 5000, ack: 1001},
        path: outward(port, good),
      }),
    ];
  }),
  counter: [],
});
