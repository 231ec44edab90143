import test from 'ava';
import {sctpAfter, tcpAfter, type Side} from '../../src/ipvs/states.ts';

/** `> S` is a request with these flags, `< S.` a reply, `= S` a request where IPVS sees no replies. */
const goes = test.macro(
  (
    t,
    after: typeof tcpAfter,
    packets: readonly string[],
    states: readonly (string | undefined)[],
    begin?: string,
  ) => {
    const sides: Readonly<Record<string, Side>> = {'>': 'request', '<': 'reply', '=': 'alone'};
    let state: string | undefined = begin ?? 'NONE';
    const seen = packets.map(packet => {
      const [side = '', what = ''] = packet.split(' ');
      state = state === undefined ? undefined : after(state, sides[side] ?? 'alone', what);
      return state;
    });
    t.deepEqual(seen, states);
  },
);

test(
  'tcp: closed by the client',
  goes,
  tcpAfter,
  ['> S', '< S.', '> .', '> P.', '> F.', '< F.', '> .'],
  ['SYN_RECV', 'SYN_RECV', 'ESTABLISHED', 'ESTABLISHED', 'CLOSE_WAIT', 'TIME_WAIT', 'TIME_WAIT'],
);
test(
  'tcp: closed by the server',
  goes,
  tcpAfter,
  ['> S', '< S.', '> .', '< F.', '> F.', '< .'],
  ['SYN_RECV', 'SYN_RECV', 'ESTABLISHED', 'FIN_WAIT', 'TIME_WAIT', 'TIME_WAIT'],
);
test(
  'tcp: opened by the client where a helper listens',
  goes,
  tcpAfter,
  ['> S', '< S.', '> .', '< F.', '> F.'],
  ['SYN_RECV', 'SYN_RECV', 'ESTABLISHED', 'FIN_WAIT', 'TIME_WAIT'],
  'LISTEN',
);
test(
  'tcp: opened by the server where a helper listens',
  goes,
  tcpAfter,
  ['< S', '> S.', '< .', '< F.', '> F.'],
  ['LISTEN', 'SYN_RECV', 'ESTABLISHED', 'FIN_WAIT', 'TIME_WAIT'],
  'LISTEN',
);
test(
  'tcp: what only listens goes on doing so',
  goes,
  tcpAfter,
  ['> .', '> F.', '> R', '< .'],
  ['LISTEN', 'LISTEN', 'LISTEN', 'ESTABLISHED'],
  'LISTEN',
);
test('tcp: refused', goes, tcpAfter, ['> S', '< R.'], ['SYN_RECV', 'CLOSE']);
test(
  'tcp: reset after its end by the client',
  goes,
  tcpAfter,
  ['> S', '> .', '> F.', '< F.', '> R'],
  ['SYN_RECV', 'ESTABLISHED', 'CLOSE_WAIT', 'TIME_WAIT', 'CLOSE'],
);
test(
  'tcp: seen from one side',
  goes,
  tcpAfter,
  ['= S', '= .', '= P.', '= F.', '= .'],
  ['SYN_RECV', 'ESTABLISHED', 'ESTABLISHED', 'FIN_WAIT', 'FIN_WAIT'],
);
test(
  'tcp: what begins without a SYN is not foretold',
  goes,
  tcpAfter,
  ['> .', '> .'],
  [undefined, undefined],
);
test(
  'tcp: a segment without any of its flags is not foretold',
  goes,
  tcpAfter,
  ['> S', '> P'],
  ['SYN_RECV', undefined],
);
test(
  'sctp: set up and shut down',
  goes,
  sctpAfter,
  [
    '> init',
    '< init-ack',
    '> cookie-echo',
    '< cookie-ack',
    '> data',
    '< sack',
    '> shutdown',
    '< shutdown-ack',
    '> shutdown-complete',
  ],
  [
    'INIT1',
    'C-SENT',
    'C-REPLIED',
    'ESTABLISHED',
    'ESTABLISHED',
    'ESTABLISHED',
    'S-RECEIVED',
    'S-ACK-SENT',
    'CLOSED',
  ],
);
test(
  'sctp: seen from one side',
  goes,
  sctpAfter,
  ['= init', '= cookie-echo', '= data', '= shutdown', '= shutdown-complete'],
  ['INIT1', 'ESTABLISHED', 'ESTABLISHED', 'S-RECEIVED', 'CLOSED'],
);
test(
  'sctp: another way is not foretold',
  goes,
  sctpAfter,
  ['> init', '> abort'],
  ['INIT1', undefined],
);
