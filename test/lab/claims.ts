import {readdirSync} from 'node:fs';
import test from 'ava';
import {claimIds, claims} from '../../src/lab/claims.ts';
import {loadLabs, ownLabs} from '../../src/lab/load.ts';

test('each claim has an id of its own and a text', t => {
  t.is(new Set(claimIds).size, claims.length);
  t.true(
    claims.every(
      ({id, text}) =>
        /^((DR|NAT|TUN|FN|C|K)\d|[SPAYI]-[a-z0-9-]+|(V6|T)-[A-Z]+\d|M-[A-Za-z0-9-]+)$/.test(id) &&
        text.length > 20,
    ),
  );
});

test('each claim is named by a lab that comes with lvslab', async t => {
  t.true(readdirSync(ownLabs).length > 0);
  const labs = await loadLabs([], {labs: [], topologies: []});
  const named = new Set(labs.flatMap(lab => [...lab.claims]));
  t.deepEqual(
    claimIds.filter(id => !named.has(id)),
    [],
  );
});
