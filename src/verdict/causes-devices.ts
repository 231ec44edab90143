import {tunnelOn} from '../ipvs/tunnel.ts';
import type {Family} from '../topology/types.ts';
import {encapsulations, innermostIp, ipHeaders} from '../wire/packet.ts';
import type {Ip, Packet} from '../wire/types.ts';
import type {Case} from './case.ts';
import {frameLine, type Finding} from './finding.ts';
import {unanswered} from './unanswered.ts';

/** What is wrong with the tunnel devices at which wrapped packets that nobody answered should have come out. */
export const fromDevices = (judged: Case): readonly Finding[] => [
  ['tunnel-device-down', tunnelsDown(judged)],
  ['tunnel-mode', wrongMode(judged)],
];

/** The devices at which a wrapped packet can come out, as they are named here. GUE hands over to that of IP in IP. */
function devicesFor(packet: Packet): readonly string[] {
  const kind = encapsulations(packet).at(-1);
  const [outer, inner] = ipHeaders(packet).slice(-2).map(familyOf);
  if (kind === undefined || outer === undefined || inner === undefined) return [];
  const families = {inner, outer};
  return kind === 'gre'
    ? [false, true].map(checksum => tunnelOn({type: 'gre', checksum}, families).device)
    : [tunnelOn({type: 'ipip'}, families).device];
}

const familyOf = ({kind}: Ip): Family => (kind === 'ipv4' ? 'v4' : 'v6');

/** The part of `ip -d addr` that tells of each of the devices that is there. */
const shown = (text: string, names: readonly string[]) =>
  text.split(/^(?=\d+: )/m).flatMap(part => {
    const [, name = '', flags = ''] = /^\d+: ([^:@\s]+)(?:@\S+)?: <([^>]*)>/.exec(part) ?? [];
    return names.includes(name) ? [{name, up: flags.split(',').includes('UP'), part}] : [];
  });

function tunnelsDown(judged: Case): readonly string[] {
  return unanswered(judged).flatMap(({node, crossing}) => {
    const names = devicesFor(crossing.any.packet);
    const text = judged.run.text(node, 'ip-addr');
    const there = shown(text, names);
    if (names.length === 0 || text === '' || there.some(({up}) => up)) return [];
    const found = there.map(({name}) => name).join(', ');
    return [
      `${node}: ip addr shows ${found === '' ? `no ${names[0]}` : `${found} not UP`}`,
      frameLine(judged)(crossing),
    ];
  });
}

/** `ip -d addr` prints the mode of an ip6tnl device: what is inside must be of its family (ip6_tunnel.c, ipxip6_rcv). */
function wrongMode(judged: Case): readonly string[] {
  return unanswered(judged).flatMap(({node, crossing}) => {
    const {packet} = crossing.any;
    const takes = innermostIp(packet)?.kind === 'ipv4' ? 'ipip6' : 'ip6ip6';
    return shown(judged.run.text(node, 'ip-addr'), devicesFor(packet)).flatMap(
      ({name, up, part}) => {
        const mode = /^ *(?:link\/tunnel6 .*)?\bip6tnl (\w+) /m.exec(part)?.[1];
        return !up || mode === undefined || mode === 'any' || mode === takes
          ? []
          : [`${node}: ip -d addr shows ${name} in mode ${mode}`, frameLine(judged)(crossing)];
      },
    );
  });
}
