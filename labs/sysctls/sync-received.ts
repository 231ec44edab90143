import {entries, exchange, packet, untilEntries} from '../../src/lab/define.ts';
import type {SyncMessage} from '../../src/lab/exchange/message.ts';

const [received, refused] = ['Y-sync-received', 'Y-sync-refused'];

/** rs4 speaks as the sync daemon of a master would: the kernel does not ask who it is. */
const message = (sync: SyncMessage) =>
  packet({
    from: 'rs4',
    ip: 'RIP4 > 224.0.0.81',
    ttl: 1,
    udp: {ports: '8848 > 8848'},
    sync,
    path: ['rs4 > lan'],
  });
const of = (port: number, server: 1 | 2) => ({
  client: `CIP:${port}`,
  virtual: 'VIP:80',
  server: `RIP${server}:8080`,
});
const one = (port: number) => [{...of(port, 1), timeout: 100}];

/** A segment in the middle of a connection: no scheduler is asked for such. */
const segment = (port: number) => ({
  from: 'client',
  ip: 'CIP > VIP',
  tcp: {ports: `${port} > 80`, flags: '.', seq: 1001, ack: 5001},
});
const reaches = (port: number, server: 1 | 2) =>
  packet({
    ...segment(port),
    path: [
      'client > director',
      {
        link: `director > rs${server}`,
        ip: `CIP > RIP${server}`,
        ports: `${port} > 8080`,
        proves: [received],
      },
    ],
  });
const isReset = (port: number) =>
  packet({
    ...segment(port),
    path: ['client > director'],
    causes: [
      {
        ip: 'VIP > CIP',
        ports: `80 > ${port}`,
        tcp: {flags: 'R', seq: 5001},
        path: [{link: 'director > client', proves: [refused]}],
      },
    ],
  });

const v1 = {...of(4003, 2), state: 'ESTABLISHED'};
const beforeCut = {...of(4004, 1), state: 'ESTABLISHED'};
/** IP_VS_TCP_S_FIN_WAIT, and IP_VS_CONN_F_INACTIVE, by which the real server's counts go. */
const [finWait, inactive] = [4, 0x0100];
const v0 = {...of(4006, 1), state: 'FIN_WAIT'};

export default exchange({
  title: 'what a backup makes of sync messages, of its own sync id and of others, whole and cut',
  claims: [received, refused],
  topology: 'farm',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [
    {node: 'rs1', forward: 'masq', port: 8080},
    {node: 'rs2', forward: 'masq', port: 8080},
  ],
  sync: {network: 'lan', id: 7, state: 'backup'},
  // It joins the group of the masters, and need not say so.
  sysctls: {
    director: {
      'net.ipv4.vs.backup_only': 0,
      'net.ipv4.vs.sync_ports': 1,
      'net.ipv4.vs.sloppy_tcp': 0,
      'net.ipv4.igmp_link_local_mcast_reports': 0,
    },
  },
  steps: [
    message({version: 1, id: 8, connections: one(4000)}),
    message({version: 0, id: 8, connections: [of(4000, 1)]}),
    message({version: 1, id: 7, size: 45, connections: one(4001)}),
    message({version: 1, id: 7, cut: 1, connections: one(4002)}),
    message({version: 0, id: 7, cut: 1, connections: [of(4002, 1)]}),
    // The daemon takes one after the other: with what this one tells the ones before are done.
    message({version: 1, id: 7, connections: [{...of(4003, 2), timeout: 600}]}),
    untilEntries([{...v1, expires: [480, 600]}], {proves: [received, refused]}),
    reaches(4003, 2),
    ...[4000, 4001, 4002].map(isReset),
    message({version: 1, id: 7, cut: 1, connections: [...one(4004), ...one(4005)]}),
    untilEntries([v1, {...beforeCut, expires: [1, 100]}], {proves: [refused]}),
    reaches(4004, 1),
    isReset(4005),
    message({
      version: 0,
      id: 7,
      connections: [{...of(4006, 1), state: finWait, flags: inactive}],
    }),
    untilEntries([v1, beforeCut, v0], {proves: [received]}),
    reaches(4006, 1),
    entries([v1, beforeCut, v0], {proves: [received]}),
  ],
  counter: [
    {
      claim: received,
      when: 'the daemon of the director has another sync id than the messages',
      change: {sync: {id: 9}},
      cause: 'other-sync-id',
    },
    {
      claim: refused,
      when: 'it has none, and listens to all',
      change: {sync: {id: 0}},
      cause: 'other-sync-id',
    },
  ],
});
