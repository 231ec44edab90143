import test from 'ava';
import {build} from '../../../src/wire/build.ts';
import {observe} from '../../../src/verdict/normalise.ts';
import {FailoverRig, type Wrong} from './support/rig.ts';

const failed = (wrong: Wrong): readonly string[] =>
  new FailoverRig(wrong)
    .judge()
    .checks.filter(({verdict}) => verdict === 'FAIL')
    .map(({id}) => id);

test('a failover in which everything is as it should be passes, and is measured', t => {
  const {verdict, checks, claims, measured, reasons} = new FailoverRig().judge();
  t.deepEqual(
    checks.filter(one => one.verdict !== 'PASS'),
    [],
  );
  t.is(verdict, 'PASS', reasons.join('; '));
  t.deepEqual(claims, [{id: 'K3', verdict: 'PASS'}]);
  const [outage, ...more] = measured.outages ?? [];
  t.deepEqual(more, []);
  t.like(outage, {router: 51, from: 'd1', to: 'd2', lost: 1, takeoverMs: 1002});
  // From the death to the first packet that the new master forwards: it comes after the second mark.
  t.is(outage?.gapMs, 3006);
});

const catches = test.macro({
  exec(t, wrong: Wrong, ...ids: readonly string[]) {
    const found = failed(wrong);
    for (const id of ids) t.true(found.includes(id), `${id} is not in ${found.join(', ')}`);
  },
  title: title => title ?? '',
});

test(
  'a packet through the backup before the failover fails',
  catches,
  {before: 'd2'},
  'd1.request.2',
);
test('a packet through the dead one after it fails', catches, {after: 'd1'}, 'd2.request.2');
test(
  'a packet that ends at a director that lives fails',
  catches,
  {lostAt: 'before'},
  'd1.request.3',
);
test(
  'a packet to the dead one after the announcement fails',
  catches,
  {lostAt: 'after'},
  'd2.request.2',
);
test('without a packet in the outage nothing was judged', catches, {lostAt: 'before'}, 'outage');
test('a TTL below 255 fails', catches, {advertTtl: 254}, 'adverts');
test('another priority fails', catches, {advert: {priority: 200}}, 'adverts');
test('another version fails', catches, {advert: {version: 2}}, 'adverts');
test('another interval fails', catches, {advert: {maxAdvertisementInterval: 50}}, 'adverts');
test('other addresses fail', catches, {advert: {addresses: ['198.51.100.81']}}, 'adverts');
test('another virtual router fails', catches, {advert: {virtualRouter: 52}}, 'adverts', 'masters');
test('a bad checksum fails', catches, {advert: {checksum: 'bad'}}, 'adverts');
test('two masters at once fail', catches, {stranger: {node: 'd2', when: 'before'}}, 'adverts');
test('a new master that does not advertise fails', catches, {silent: true}, 'masters');
test('masters that did not come in time fail', catches, {masters: false}, 'masters');
test('a new master that does not announce fails', catches, {announces: false}, 'announced');
test(
  'another MAC in the announcement fails',
  catches,
  {announcesMacOf: 'rs1'},
  'announced',
  'frames',
);
test('an announcement that somebody did not see fails', catches, {deafTo: 'rs2'}, 'announced');
test('no sync message fails', catches, {sync: false}, 'sync', 'synced');
test('another sync id fails', catches, {sync: {syncId: 2}}, 'sync');
test('another real server in a sync message fails', catches, {syncedTo: 'RIP2'}, 'sync');
test('a backup without the entry fails', catches, {backupEntry: ''}, 'synced');
test(
  'a connection that the new master resets fails',
  catches,
  {reset: true},
  'survive',
  'complete',
  'answers',
);

test('who lost a connection that was never synced is found, with the evidence', t => {
  const wrong = {reset: true, sync: false, backupEntry: ''} as const;
  const {verdict, diagnoses} = new FailoverRig(wrong).judge();
  t.is(verdict, 'FAIL');
  t.deepEqual(
    diagnoses.map(({cause}) => cause),
    ['not-synced'],
  );
  t.regex(diagnoses[0]?.evidence.join('\n') ?? '', /d2 > router.*\[R\]/);
  t.regex(diagnoses[0]?.evidence.join('\n') ?? '', /no sync message is in any capture/);
});

test('a reset of a connection that was synced has another cause', t => {
  const {diagnoses} = new FailoverRig({reset: true}).judge();
  t.deepEqual(diagnoses, []);
});

test('another priority is found as the cause', t => {
  const {diagnoses} = new FailoverRig({advert: {priority: 99}}).judge();
  t.deepEqual(
    diagnoses.map(({cause}) => cause),
    ['other-priority'],
  );
});

test('a frame that nobody expects fails, whatever it is', t => {
  const redirect = (rig: FailoverRig): void =>
    rig.see(
      build([
        {kind: 'ethernet', source: rig.mac('d2'), destination: rig.mac('rs1')},
        {kind: 'ipv4', source: rig.address('DIP2'), destination: rig.address('RIP1')},
        {kind: 'icmp', type: 5, code: 1},
      ]),
      'd2',
      ['rs1'],
    );
  t.deepEqual(failed({more: redirect}), ['errors']);
  const report = (rig: FailoverRig): void =>
    rig.see(
      build([
        {kind: 'ethernet', source: rig.mac('rs2'), destination: '01:00:5e:00:00:16'},
        {kind: 'ipv4', source: rig.address('RIP2'), destination: '224.0.0.22', protocol: 2},
      ]),
      'rs2',
      rig.all('rs2'),
    );
  t.deepEqual(failed({more: report}), ['frames']);
});

test('ARP by who has not the address fails', t => {
  const lie = (rig: FailoverRig): void =>
    rig.see(
      build([
        {kind: 'ethernet', source: rig.mac('rs2'), destination: rig.mac('router')},
        {
          kind: 'arp',
          operation: 2,
          senderMac: rig.mac('rs2'),
          senderIp: rig.address('VIP'),
          targetIp: '198.51.100.1',
          targetMac: rig.mac('router'),
        },
      ]),
      'rs2',
      ['router'],
    );
  t.deepEqual(failed({more: lie}), ['frames']);
});

test('a host that was too slow for the backup not to take over gives no verdict', t => {
  const stranger = {node: 'd2', when: 'before'} as const;
  const late = new FailoverRig({stranger: {...stranger, late: 3700}}).judge();
  t.is(late.verdict, 'INCONCLUSIVE');
  t.regex(
    late.reasons.join(),
    /^d1 did not advertise virtual router 51 for 37\d\d ms, so that d2 took over/,
  );
  t.is(new FailoverRig({stranger: {...stranger, late: 3500}}).judge().verdict, 'FAIL');
});

test('two failovers of one kernel behave the same, whatever was lost and said meanwhile', t => {
  const observations = (wrong: Wrong) => {
    const rig = new FailoverRig(wrong);
    return observe(rig.folder(), rig.captures(), rig.expectation, rig.judge());
  };
  const chatty = (rig: FailoverRig): void => {
    rig.advert('d2');
    rig.announce('d2');
  };
  t.deepEqual(observations({more: chatty}), observations({}));
  t.notDeepEqual(observations({after: 'd1'}), observations({}));
});
