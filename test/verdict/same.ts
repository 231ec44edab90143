import test from 'ava';
import {legsOf} from '../support/legs.ts';
import {Rig} from '../support/rig.ts';

const listing = ['rs1', 'rs2'].map(name => `-a -t VIP:80 -r ${name}:80 -g -w 1`).join('\n');

/** Two connections by ipvsadm and the same two by keepalived. */
function twice(servers: readonly ('rs1' | 'rs2')[] = ['rs1', 'rs2', 'rs1', 'rs2']): Rig {
  const rig = new Rig('dr');
  for (const [i, server] of servers.entries()) rig.connect(server, 40_000 + i);
  rig.texts.set('director configured-by-ipvsadm', `-A -t VIP:80 -s rr\n${listing}\n`);
  rig.texts.set('director configured-by-keepalived', `-A -t VIP:80 -s rr\n${listing}\n`);
  rig.expectation = {
    ...rig.expectation,
    facts: [],
    roundRobin: false,
    same: {first: 2, proves: ['K1']},
  };
  return rig;
}

const check = (rig: Rig) => rig.judge().checks.find(({id}) => id === 'same');

test('the same services and packets twice pass', t => {
  const {verdict, claims} = twice().judge();
  t.is(verdict, 'PASS');
  t.deepEqual(
    claims.find(({id}) => id === 'K1'),
    {id: 'K1', verdict: 'PASS'},
  );
});

const differs = test.macro<[change: (rig: Rig) => Rig, field: string]>((t, change, field) => {
  const found = check(change(twice()));
  t.is(found?.verdict, 'FAIL');
  t.true(
    found?.failures.some(failure => failure.field === field),
    JSON.stringify(found?.failures),
  );
});
const says =
  (name: string, text: string) =>
  (rig: Rig): Rig => {
    rig.texts.set(`director ${name}`, text);
    return rig;
  };
test(
  'another service by keepalived fails',
  differs,
  says('configured-by-keepalived', `-A -t VIP:80 -s wrr\n${listing}\n`),
  'service',
);
test('no listing by keepalived fails', differs, says('configured-by-keepalived', ''), 'service');
test(
  'no listing by either fails',
  differs,
  (rig: Rig) => says('configured-by-ipvsadm', '')(says('configured-by-keepalived', '')(rig)),
  'service',
);
test(
  'another real server for the second pair fails',
  differs,
  () => twice(['rs1', 'rs2', 'rs2', 'rs1']),
  'real server',
);
test(
  'fewer connections by keepalived fail',
  differs,
  () => twice(['rs1', 'rs2', 'rs1']),
  'connections',
);
test(
  'a packet of another way fails',
  differs,
  (rig: Rig) => {
    rig.send(legsOf(rig.route('rs2', 40_002), 'request'), {
      id: 900,
      protocol: 'tcp',
      flags: 'P.',
      payload: 'again',
    });
    return rig;
  },
  'request data',
);
