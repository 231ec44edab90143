import {Line, parseEndpoint, wordsOf} from './text.ts';
import type {ConnectionEntry} from './types.ts';

/**
 * Reads `ipvsadm -Lnc` (ipvsadm 1.31, print_conn). Entries of a firewall mark have protocol `IP`. Throws InputError naming
 * line and column.
 */
export function parseConnections(text: string, where = 'ipvsadm -Lnc'): readonly ConnectionEntry[] {
  return wordsOf(text)
    .filter(([first]) => first?.text !== 'IPVS' && first?.text !== 'pro')
    .map(words => {
      const line = new Line(where, words);
      const protocol = line.read('a protocol', name => (/^[A-Z]+$/.test(name) ? name : undefined));
      const expires = line.read('a time left, MM:SS', parseExpiry);
      const state = line.word('a connection state').text;
      const endpoint = (what: string) => line.read(`the ${what} address and port`, parseEndpoint);
      return {
        protocol,
        expires,
        state,
        client: endpoint("client's"),
        virtual: endpoint('virtual'),
        destination: endpoint("real server's"),
      };
    });
}

function parseExpiry(text: string): number | undefined {
  const match = /^(\d+):(\d\d)$/.exec(text);
  return match === null ? undefined : Number(match[1]) * 60 + Number(match[2]);
}
