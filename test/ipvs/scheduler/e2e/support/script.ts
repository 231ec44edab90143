import {renderServices} from '../../../../../src/ipvs/render.ts';
import {formatEndpoint} from '../../../../../src/ipvs/text.ts';
import type {Case, Change} from './cases.ts';

const protocolOption = {tcp: '-t', udp: '-u', sctp: '--sctp-service'} as const;

/** What is printed between the listing and the connections of a case. */
export const divider = '=====';

/** The script of a case for the director's driver: its output is the seconds that it took, the listing, the connections. */
export function scriptOf(one: Case): string {
  const {service, family, protocol, destinations, port, phases} = one;
  const phaseLines = phases.flatMap(({changes, open}, phase) => {
    const from = phases.slice(0, phase).reduce((sum, earlier) => sum + earlier.open, 0);
    const {prefix, first, count} = destinations;
    return [
      ...(changes.length === 0 ? [] : restore(changes.map(change => changeLine(one, change)))),
      `open ${protocol} ${family === 'v6' ? 1 : 0} ${prefix} ${first} ${count} ${port} ${from} ${open}`,
    ];
  });
  return [
    'date +%s > /tmp/start',
    ...restore(renderServices([{...service, onePacket: false}])),
    ...markRule(one),
    ...phaseLines,
    'echo $(($(date +%s) - $(cat /tmp/start)))',
    `ipvsadm -Ln; echo ${divider}`,
    // A reading misses entries when others expire meanwhile (those of earlier cases): the sum of three is whole.
    `for reading in 1 2 3; do ipvsadm -Lnc | grep ':${port} ' || true; done`,
  ].join('\n');
}

const restore = (lines: readonly string[]): readonly string[] => [
  `ipvsadm -R <<'END'\n${lines.join('\n')}\nEND`,
];

function markRule({service: {key}, family, protocol, destinations, port}: Case): readonly string[] {
  if (key.kind !== 'fwmark') return [];
  const tables = family === 'v4' ? 'iptables' : 'ip6tables';
  const network = `${destinations.prefix}${family === 'v4' ? '0/24' : '/64'}`;
  return [
    `${tables} -t mangle -A OUTPUT -d ${network} -p ${protocol} --dport ${port} -j MARK --set-mark ${key.mark}`,
  ];
}

/** A change as a line of `ipvsadm -R`, which takes every command of ipvsadm. */
function changeLine({service: {key}}: Case, change: Change): string {
  const at =
    key.kind === 'address'
      ? `${protocolOption[key.protocol]} ${formatEndpoint(key)}`
      : `-f ${key.mark}${key.family === 'v6' ? ' -6' : ''}`;
  const {address, port, weight, upperThreshold = 0, lowerThreshold = 0} = change.server;
  const server = `${at} -r ${formatEndpoint({address, port})}`;
  if (change.kind === 'remove') return `-d ${server}`;
  const verb = change.kind === 'add' ? '-a' : '-e';
  return `${verb} ${server} -m -w ${weight} -x ${upperThreshold} -y ${lowerThreshold}`;
}
