import test from 'ava';
import dropPacket from '../../../labs/sysctls/drop-packet.ts';
import reuse from '../../../labs/sysctls/conn-reuse.ts';
import sloppy from '../../../labs/sysctls/sloppy-tcp.ts';
import {packet, setSysctl} from '../../../src/lab/define.ts';
import type {ExchangeSpec, ExchangeStep} from '../../../src/lab/exchange/types.ts';
import {ExchangeRig} from '../../support/exchange-rig.ts';
import {entriesText, ipvsTexts, type Counts} from '../../support/ipvs-texts.ts';

/** How the director's counters go with the packets when it says these of all real servers together. */
function countersOf(spec: ExchangeSpec, counts: Counts) {
  const rig = new ExchangeRig(spec);
  const address = rig.address('RIP1');
  const {port, protocol} = spec.service;
  const said = ipvsTexts({
    protocol: protocol.toUpperCase(),
    address: rig.address('VIP'),
    port,
    method: 'Masq',
    servers: [{address, port, counts}],
  });
  rig.says({
    ...said,
    'ipvsadm-stats-state': 'unknown\n',
    'ipvsadm-Lnc': entriesText(),
    sysctl: 'net.ipv4.vs.drop_entry = 0\n',
  });
  const {ipvs} = rig.expected;
  if (ipvs !== undefined) {
    // What is tested here is what counts, and not of which real server.
    const [own, ...more] = ipvs.services.map(service => ({
      ...service,
      realServers: service.realServers.slice(0, 1).map(server => ({...server, port})),
    }));
    rig.expected = {...rig.expected, ipvs: {...ipvs, services: own === undefined ? more : [own]}};
  }
  const {checks, reasons, verdict} = rig.judged();
  const check = checks.find(({id}) => id === 'agreement.director');
  return {
    title: check?.title,
    fields: check?.failures.map(({field}) => field),
    verdict,
    reasons,
  };
}
const exactly = {
  title: 'IPVS on director counted what the packets show',
  fields: [],
  verdict: 'PASS',
  reasons: [],
};

test('what drop_packet drops is not counted', t => {
  // Of one, twelve, six and one datagrams every fourth and all of the six are dropped; the last has its entry.
  t.deepEqual(countersOf(dropPacket.spec, [10, 11, 0, 11 * 39, 0]), exactly);
});

/** Segments that the director sends on, as conn-reuse has them: SYN to rs1. */
const syn = (seq: number, server: 'rs1' | 'rs2'): ExchangeStep =>
  packet({
    from: 'client',
    ip: 'CIP > VIP',
    tcp: {ports: '4000 > 80', flags: 'S', seq},
    path: [
      'client > director',
      {
        link: `director > ${server}`,
        ip: server === 'rs1' ? 'CIP > RIP1' : 'CIP > RIP2',
        ports: '4000 > 8080',
      },
    ],
  });
const reused = (mode: 0 | 1, ...steps: readonly ExchangeStep[]): ExchangeSpec => ({
  ...reuse.spec,
  sysctls: {
    director: {'net.ipv4.vs.conn_reuse_mode': mode, 'net.ipv4.vs.expire_nodest_conn': 0},
  },
  steps,
});

test('a second SYN goes on with the entry of the first where nothing lets it have another', t => {
  t.deepEqual(countersOf(reused(0, syn(1, 'rs1'), syn(900_000, 'rs1')), [1, 2, 0, 80, 0]), exactly);
});

test('one that another real server gets has an entry of its own', t => {
  t.deepEqual(countersOf(reused(1, syn(1, 'rs1'), syn(900_000, 'rs2')), [2, 2, 0, 80, 0]), exactly);
});

test('where nobody can tell whether a connection was one anew, one more or less is right, and the check says so', t => {
  const back = packet({
    from: 'rs1',
    ip: 'RIP1 > CIP',
    tcp: {ports: '8080 > 4000', flags: 'R', seq: 5000},
    path: ['rs1 > director', {link: 'director > client', ip: 'VIP > CIP', ports: '80 > 4000'}],
  });
  const spec = reused(1, syn(1, 'rs1'), back, syn(900_000, 'rs1'));
  const title = `${exactly.title}; 1 packets or connections may be among it or not`;
  for (const connections of [1, 2])
    t.deepEqual(countersOf(spec, [connections, 2, 1, 80, 40]), {...exactly, title});
  t.deepEqual(countersOf(spec, [0, 2, 1, 80, 40]).fields, ['ipvs.connections']);
  t.is(countersOf(spec, [3, 2, 1, 80, 40]).verdict, 'INCONCLUSIVE');
});

test('a sysctl that is set at a later step says nothing of the steps before', t => {
  const [refused, , , makes] = sloppy.spec.steps;
  if (refused === undefined || makes === undefined) throw new Error('other steps');
  const steps = [makes, setSysctl('director', {'net.ipv4.vs.sloppy_tcp': 0}), makes];
  const spec: ExchangeSpec = {...sloppy.spec, sysctls: {}, steps};
  // A segment in the middle makes no entry where sloppy_tcp is 0, however long ago the last one was.
  const {title} = countersOf(spec, [1, 2, 0, 80, 0]);
  t.is(title, exactly.title);
});
