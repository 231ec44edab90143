import {entries, exchange, packet, setSysctl} from '../../src/lab/define.ts';

const claim = 'Y-backup-only';
const fromClient = {from: 'client', ip: 'CIP > VIP'};
const inward = [
  'client > director',
  {link: 'director > rs1', ip: 'CIP > RIP1', ports: '4000 > 8080'},
];
const reset = (port: number, tcp: {flags: string; seq: number; ack?: number}) => [
  {
    ip: 'VIP > CIP',
    ports: `80 > ${port}`,
    tcp,
    path: [{link: 'director > client', proves: [claim]}],
  },
];
const known = (state: string) =>
  entries([{client: 'CIP:4000', virtual: 'VIP:80', server: 'RIP1:8080', state}], {proves: [claim]});

export default exchange({
  title: 'backup_only: a director whose sync daemon is a backup leaves the service to the master',
  claims: [claim],
  topology: 'farm',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: 8080}],
  sync: {network: 'lan', id: 7, state: 'backup'},
  // It joins the group of the masters, and need not say so.
  sysctls: {
    director: {'net.ipv4.vs.backup_only': 0, 'net.ipv4.igmp_link_local_mcast_reports': 0},
  },
  steps: [
    packet({...fromClient, tcp: {ports: '4000 > 80', flags: 'S', seq: 1000}, path: inward}),
    packet({
      ...fromClient,
      tcp: {ports: '4000 > 80', flags: '.', seq: 1001, ack: 5001},
      path: inward,
    }),
    known('ESTABLISHED'),
    setSysctl('director', {'net.ipv4.vs.backup_only': 1}),
    packet({
      ...fromClient,
      tcp: {ports: '4000 > 80', flags: '.', seq: 1001, ack: 5001},
      path: ['client > director'],
      causes: reset(4000, {flags: 'R', seq: 5001}),
    }),
    packet({
      ...fromClient,
      tcp: {ports: '4001 > 80', flags: 'S', seq: 1000},
      path: ['client > director'],
      causes: reset(4001, {flags: 'R.', seq: 0, ack: 1001}),
    }),
    known('ESTABLISHED'),
  ],
  counter: [
    {
      claim,
      when: 'backup_only stays 0',
      change: {sysctls: {director: {'net.ipv4.vs.backup_only': 0}}},
      cause: 'other-sysctl',
    },
  ],
});
