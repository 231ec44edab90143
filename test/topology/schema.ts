import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import * as prettier from 'prettier';
import {ownTopologies} from '../../src/topology/load.ts';
import {topologyJsonSchema} from '../../src/topology/schema.ts';

const file = join(ownTopologies, 'topology.schema.json');

test("the editors' schema is that of the code (write it anew: LVSLAB_UPDATE_SCHEMA=1)", async t => {
  const schema = topologyJsonSchema();
  if (process.env['LVSLAB_UPDATE_SCHEMA'] === '1') {
    const options = await prettier.resolveConfig(file);
    const text = await prettier.format(JSON.stringify(schema), {...options, filepath: file});
    writeFileSync(file, text);
  }
  t.deepEqual(JSON.parse(readFileSync(file, 'utf8')), JSON.parse(JSON.stringify(schema)));
});
