import test from 'ava';
import {parseMessages} from '../../src/traffic/records.ts';

const line = (more: object = {}): string =>
  `${JSON.stringify({
    connection: 1,
    message: 1,
    token: 'a-1-1',
    exitCode: 0,
    status: 200,
    localAddress: '192.0.2.1',
    localPort: 40_000,
    head: 'rs1 \n',
    ...more,
  })}\n`;

test('a line is a result, in their order', t => {
  const results = parseMessages(`${line()}${line({message: 2, head: '"\\'})}end\n`);
  t.deepEqual(
    results?.map(({message, head}) => [message, head]),
    [
      [1, 'rs1 \n'],
      [2, '"\\'],
    ],
  );
  t.deepEqual(parseMessages('end\n'), []);
});

const bad = test.macro((t, output: string) => {
  t.is(parseMessages(output), undefined);
});
test('nothing is no result', bad, '');
test('results without an end are none', bad, line());
test('an end that is cut off is none', bad, `${line()}end`);
test('a line that is cut off is no result', bad, '{"connection":1,\nend\n');
test('a line that is no JSON is no result', bad, `${line()}perl: warning\nend\n`);
test('a result with a port that is none is none', bad, `${line({localPort: 65_536})}end\n`);
test('a result with more than is known is none', bad, `${line({more: 1})}end\n`);
