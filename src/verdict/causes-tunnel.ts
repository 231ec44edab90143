import type {Crossing} from '../trace/types.ts';
import {encapsulations} from '../wire/packet.ts';
import {compareCarrier} from './carrier.ts';
import type {Case} from './case.ts';
import {frameLine, type Finding} from './finding.ts';
import type {Hop} from './hops.ts';
import {unanswered} from './unanswered.ts';

/** A tunnel as the service states it. */
interface Stated {
  readonly line: string;
  readonly type: string;
  readonly checksum: 'nocsum' | 'csum' | 'remcsum';
  readonly port: number | undefined;
}

/** What is wrong with how the director wraps: the service says another tunnel than the lab expects, and frames show it. */
export function fromTunnels(judged: Case): readonly Finding[] {
  const hop = judged.request.find(({encapsulation}) => encapsulation !== 'none');
  if (hop === undefined) return [];
  const others = statedTunnels(judged.run.text(hop.link.source, 'ipvsadm-Sn')).filter(
    tunnel => !isExpected(tunnel, hop),
  );
  const frames = judged.connections
    .flatMap(({request}) => request.flatMap(({crossings}) => crossings))
    .filter(crossing => crossing.from === hop.link.source && isOther(crossing, hop));
  return [
    [
      'other-tunnel',
      others.length === 0 || frames.length === 0
        ? []
        : [
            ...others.map(({line}) => `ipvsadm -Sn shows ${line}`),
            ...frames.slice(0, 2).map(frameLine(judged)),
          ],
    ],
    ['gre-checksum-refused', refusedChecksums(judged)],
  ];
}

/** The real servers of `ipvsadm -Sn` that are reached by tunnel (ipvsadm(8)); it leaves the defaults out. */
const statedTunnels = (text: string): readonly Stated[] =>
  text.split('\n').flatMap(line => {
    if (!/^-a .* -i( |$)/.test(line)) return [];
    const port = /--tun-port (\d+)/.exec(line)?.[1];
    return {
      line,
      type: /--tun-type (\w+)/.exec(line)?.[1] ?? 'ipip',
      checksum: line.includes('--tun-remcsum')
        ? 'remcsum'
        : line.includes('--tun-csum')
          ? 'csum'
          : 'nocsum',
      port: port === undefined ? undefined : Number(port),
    };
  });

function isExpected({type, checksum, port}: Stated, {encapsulation, carrier}: Hop): boolean {
  if (type !== encapsulation) return false;
  return (
    carrier === undefined ||
    (carrier.checksum === (checksum !== 'nocsum') &&
      (type !== 'gue' || carrier.port === undefined || carrier.port === port))
  );
}

const isOther = (crossing: Crossing, {encapsulation, carrier}: Hop): boolean => {
  const kinds = encapsulations(crossing.any.packet);
  return (
    kinds.length > 0 && (kinds[0] !== encapsulation || compareCarrier(carrier, crossing).length > 0)
  );
};

/** `ip -d addr` prints icsum for a GRE device that takes checksums, and it takes nothing else (ip_tunnel_rcv). */
function refusedChecksums(judged: Case): readonly string[] {
  return unanswered(judged).flatMap(({node, crossing}) => {
    const {headers} = crossing.any.packet;
    if (!headers.some(header => header.kind === 'gre' && header.hasChecksum)) return [];
    const devices = judged.run
      .text(node, 'ip-addr')
      .split(/^(?=\d+: )/m)
      .filter(text => /^ *link\/gre6? /m.test(text) && /^[^<]*<[^>]*\bUP\b/.test(text));
    return devices.length === 0 || devices.some(text => text.includes(' icsum'))
      ? []
      : [
          `${node}: ip -d addr shows ${devices.map(text => /^\d+: (\w+)/.exec(text)?.[1] ?? '').join(', ')} UP without icsum`,
          frameLine(judged)(crossing),
        ];
  });
}
