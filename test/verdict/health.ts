import test from 'ava';
import type {RunFolder, ServingRecord} from '../../src/run-folder/types.ts';
import {compareBehaviour} from '../../src/verdict/behaviour.ts';
import {judge} from '../../src/verdict/judge.ts';
import {observe} from '../../src/verdict/normalise.ts';
import type {Judgement} from '../../src/verdict/types.ts';
import type {Leg} from '../support/legs.ts';
import {Rig} from '../support/rig.ts';

type Server = 'rs1' | 'rs2';

/** A run in which keepalived takes rs1 out and puts it back. */
class Watched {
  readonly rig = new Rig('dr');
  readonly serving: ServingRecord[] = [];
  #port = 50_000;

  constructor() {
    this.rig.expectation = {
      ...this.rig.expectation,
      facts: [],
      never: [],
      roundRobin: false,
      health: {
        node: 'director',
        changes: [
          {kind: 'remove', node: 'rs1'},
          {kind: 'add', node: 'rs1'},
        ],
        proves: ['K2'],
      },
    };
  }

  /** A health check, accepted or refused; `to` is where its packets go in truth. */
  probe(
    server: Server,
    answer: 'accepted' | 'refused' | 'none' = 'accepted',
    {to = server, meanwhile = () => undefined}: {to?: Server; meanwhile?: () => void} = {},
  ) {
    const [dip, rip] = [this.rig.address('DIP'), this.rig.address(`RIP${server.slice(2)}`)];
    const sourcePort = this.#port++;
    const asked: Leg = {
      from: 'director',
      to,
      source: dip,
      sourcePort,
      destination: rip,
      destinationPort: 80,
      ttl: 64,
    };
    const back: Leg = {
      from: to,
      to: 'director',
      source: rip,
      sourcePort: 80,
      destination: dip,
      destinationPort: sourcePort,
      ttl: 64,
    };
    const s = sourcePort * 9;
    const send = (leg: Leg, flags: string, sequence: number, acknowledgement: number) =>
      this.rig.cross(leg, {
        id: sequence % 60_000,
        protocol: 'tcp',
        flags,
        sequence,
        acknowledgement,
      });
    send(asked, 'S', s, 0);
    meanwhile();
    if (answer === 'refused') send(back, 'R.', 0, s + 1);
    if (answer !== 'accepted') return;
    send(back, 'S.', s + 700, s + 1);
    send(asked, 'F.', s + 1, s + 701);
    send(back, 'F.', s + 701, s + 2);
    send(asked, '.', s + 2, s + 702);
  }

  turn(up: boolean, meanwhile: () => void = () => undefined): void {
    const from = String(this.#tick());
    meanwhile();
    this.serving.push({node: 'rs1', up, from, to: String(this.#tick())});
  }

  change(kind: 'remove' | 'add', name = 'RIP1'): void {
    const server = {
      address: this.rig.address(name),
      port: 80,
      forward: 'droute',
      weight: 1,
    } as const;
    this.rig.events.push({at: String(this.#tick()), node: 'director', edit: {kind, server}});
  }

  #tick(): bigint {
    this.rig.time += 2_000_000n;
    return this.rig.time - 1_000_000n;
  }

  folder(): RunFolder {
    const folder = this.rig.folder();
    return {...folder, record: {...folder.record, serving: this.serving}};
  }

  judge(): Judgement {
    return judge(this.folder(), this.rig.captures(), this.rig.expectation);
  }

  observe() {
    const {rig} = this;
    return observe(this.folder(), rig.captures(), rig.expectation, this.judge());
  }
}

type Part = (run: Watched) => void;
const both: Part = run => {
  run.probe('rs1');
  run.probe('rs2');
};
/** The parts of a good run, by name: a test replaces some. */
const good = {
  first: both,
  traffic: run => {
    run.rig.connect('rs1', 40_000);
    run.rig.connect('rs2', 40_001);
  },
  stop: run => run.turn(false),
  refused: run => run.probe('rs1', 'refused'),
  removed: run => run.change('remove'),
  without: run => run.rig.connect('rs2', 40_002),
  start: run => run.turn(true),
  accepted: run => run.probe('rs1'),
  back: run => run.change('add'),
  last: run => run.rig.connect('rs1', 40_003),
} satisfies Record<string, Part>;

const runWith = (change: Partial<Record<keyof typeof good, Part>> = {}): Watched => {
  const run = new Watched();
  for (const part of Object.values({...good, ...change})) part(run);
  return run;
};
const judgeWith = (change?: Parameters<typeof runWith>[0]): Judgement => runWith(change).judge();

test('health checks are no strays, and the changes follow from them', t => {
  const {verdict, checks, claims} = judgeWith();
  t.is(verdict, 'PASS', JSON.stringify(checks.filter(check => check.verdict !== 'PASS')));
  t.deepEqual(
    claims.find(({id}) => id === 'K2'),
    {id: 'K2', verdict: 'PASS'},
  );
  t.is(
    checks.find(({id}) => id === 'health.changes')?.title,
    'rs1 is taken out, rs1 is put back: 0.0 s after its server stopped, 0.0 s after its server started',
  );
});

test('a check that is accepted while the server starts tells that it runs, if no other one comes', t => {
  const {verdict, checks} = judgeWith({
    start: run => run.turn(true, () => run.probe('rs1')),
    accepted: () => undefined,
  });
  t.is(verdict, 'PASS', JSON.stringify(checks.filter(check => check.verdict !== 'PASS')));
});

const none: Part = () => undefined;
const fails = test.macro<[change: Parameters<typeof judgeWith>[0], check: string]>(
  (t, change, check) => {
    const {verdict, checks} = judgeWith(change);
    t.is(verdict, 'FAIL');
    t.is(checks.find(({id}) => id === check)?.verdict, 'FAIL', JSON.stringify(checks));
  },
);
test(
  'a real server that is never taken out fails',
  fails,
  {removed: none, back: none},
  'health.changes',
);
test('a real server that is not put back fails', fails, {back: none}, 'health.changes');
test(
  'another real server that is taken out fails',
  fails,
  {removed: run => run.change('remove', 'RIP2')},
  'health.changes',
);
test(
  'a removal before any refused check fails',
  fails,
  {refused: good.removed, removed: good.refused},
  'health.changes',
);
test(
  'a return before any accepted check fails',
  fails,
  {accepted: good.back, back: good.accepted},
  'health.changes',
);
test(
  'a stopped server that accepts fails',
  fails,
  {refused: run => run.probe('rs1')},
  'health.answers',
);
test(
  'a running server that refuses fails',
  fails,
  {
    first: run => {
      both(run);
      run.probe('rs2', 'refused');
    },
  },
  'health.answers',
);
test(
  'a check without an answer fails',
  fails,
  {
    first: run => {
      both(run);
      run.probe('rs2', 'none');
    },
  },
  'health.answers',
);
test(
  'a real server that is never checked fails',
  fails,
  {first: run => run.probe('rs1')},
  'health.answers',
);
test(
  'no health checks at all fail',
  fails,
  {first: none, refused: none, accepted: none},
  'health.paths',
);
test(
  'a health check that reaches another node fails',
  fails,
  {
    first: run => {
      both(run);
      run.probe('rs2', 'accepted', {to: 'rs1'});
    },
  },
  'health.paths',
);
test(
  'a connection from the director to another port is no health check',
  fails,
  {
    first: run => {
      both(run);
      run.rig.cross(
        {
          from: 'director',
          to: 'rs1',
          source: run.rig.address('DIP'),
          sourcePort: 5,
          destination: run.rig.address('RIP1'),
          destinationPort: 81,
          ttl: 64,
        },
        {id: 1, protocol: 'tcp', flags: 'S', sequence: 5},
      );
    },
  },
  'strays',
);

test('a check that the server was stopped under may be refused', t => {
  const stop: Part = run => run.probe('rs1', 'refused', {meanwhile: () => run.turn(false)});
  t.is(judgeWith({stop}).verdict, 'PASS');
});

/** rs1 refuses a client as VIP. */
const refuse: Part = ({rig}) => {
  const hops = [
    ['client', 'router'],
    ['router', 'director'],
    ['director', 'rs1'],
  ] as const;
  const ends = {
    source: rig.address('CIP'),
    sourcePort: 40_002,
    destination: rig.address('VIP'),
    destinationPort: 80,
  };
  for (const [i, [from, to]] of hops.entries())
    rig.cross({from, to, ...ends, ttl: 64 - i}, {id: 77, protocol: 'tcp', flags: 'S', sequence: 9});
  const back = {
    source: ends.destination,
    sourcePort: 80,
    destination: ends.source,
    destinationPort: 40_002,
  };
  for (const [i, [from, to]] of (
    [
      ['rs1', 'router'],
      ['router', 'client'],
    ] as const
  ).entries())
    rig.cross(
      {from, to, ...back, ttl: 64 - i},
      {id: 78, protocol: 'tcp', flags: 'R.', acknowledgement: 10},
    );
};

test('a dead real server that stays in the service is the cause of refusals, not its port', t => {
  const {diagnoses} = judgeWith({removed: none, back: none, without: refuse});
  t.deepEqual(
    diagnoses.map(({cause}) => cause),
    ['dead-server-kept'],
  );
});

test('a refusal by a server that runs, or that was taken out, has another cause', t => {
  const running = judgeWith({
    first: run => {
      both(run);
      refuse(run);
    },
  });
  t.deepEqual(
    running.diagnoses.map(({cause}) => cause),
    ['port-not-rewritten'],
  );
  t.deepEqual(judgeWith({without: refuse}).diagnoses, []);
});

test('runs with more or fewer health checks behave the same, with other answers not', t => {
  const differences = (change: Parameters<typeof runWith>[0]) =>
    compareBehaviour(runWith().observe(), runWith(change).observe()).filter(
      ({what}) => what === 'health checks' || what.includes('SYN'),
    );
  const more: Part = run => {
    both(run);
    both(run);
  };
  t.deepEqual(differences({first: more}), []);
  t.deepEqual(differences({refused: run => run.probe('rs1')}), [
    {of: ['rs1'], what: 'health checks', a: 'accepted, refused', b: 'accepted'},
  ]);
});
