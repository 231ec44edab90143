/** A good lab as its file has it; tests put one thing wrong. */
export const labFile = `import {http, lab} from 'lvslab';

export default lab({
  title: 'a lab of a user',
  claims: ['DR1', 'DR3'],
  topology: 'routed-lan',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [
    {node: 'rs1', forward: 'droute'},
    {node: 'rs2', forward: 'droute'},
  ],
  setup: {gateway: 'router'},
  traffic: http({from: 'client', to: 'VIP', requests: 2}),
  expect: {
    request: [
      {link: 'client > router', ip: 'CIP > VIP'},
      {link: 'router > director'},
      {link: 'director > rs', proves: ['DR1']},
    ],
    reply: [{link: 'rs > router', ip: 'VIP > CIP'}, {link: 'router > client'}],
    never: [{at: 'director', anyAddress: ['RIP1']}],
    facts: [
      {kind: 'gateway', node: 'rs1', via: 'router', proves: []},
      {kind: 'only-in-network', network: 'lan', nodes: ['rs2'], proves: []},
      {kind: 'no-route', node: 'rs1', to: 'CIP', proves: []},
      {kind: 'logged-peer', node: 'rs1', is: 'RIP2', not: 'DIP', proves: []},
      {kind: 'arp-answered-only-by', address: 'VIP', node: 'director', proves: []},
    ],
  },
  counter: [
    {
      claim: 'DR3',
      when: 'the real servers stand behind a router',
      change: {topology: 'remote-real-servers', nodes: ['rs1'], setup: {gateway: 'none'}},
      cause: 'real-server-behind-router',
    },
  ],
});
`;

/** The lab file with one text in it changed; fails when the text is not there. */
export function changed(text: string, by: string): string {
  if (!labFile.includes(text)) throw new Error(`the lab file has no ${text}`);
  return labFile.replace(text, by);
}

/** `line:column` of the first place of `text` after `after`, both counted from 1. */
export function placeOf(source: string, text: string, after = ''): string {
  const at = source.indexOf(text, source.indexOf(after));
  const lines = source.slice(0, at).split('\n');
  return `${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`;
}
