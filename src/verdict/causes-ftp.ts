import type {Crossing, Path} from '../trace/types.ts';
import {innermostIp, isReset, payloadBytes} from '../wire/packet.ts';
import type {Case} from './case.ts';
import {frameLine, type Finding} from './finding.ts';
import {announcementIn} from './ftp-announcement.ts';

/**
 * That no helper reads the control connections: a client gets an answer to PASV with the real server's own address, its
 * data connection is refused by the director, or it hears from the real server's address.
 */
export function fromFtp(judged: Case): readonly Finding[] {
  if (judged.expectation.ftp === undefined) return [];
  const roles = new Map(judged.run.topology.nodes.map(({name, role}) => [name, role]));
  const atClient = ({crossings}: Path): readonly Crossing[] =>
    crossings.filter(({to}) => roles.get(to ?? '') === 'client');
  const told = judged.connections
    .flatMap(({reply}) => reply.flatMap(atClient))
    .filter(({any: {frame, packet}}) => {
      const said = announcementIn(payloadBytes(frame.bytes, packet));
      return said?.command === 'PASV' && said.address !== judged.virtual;
    });
  const paths = judged.data.connections.flatMap(({request, reply}) => [...request, ...reply]);
  const refused = paths
    .filter(({origin}) => roles.get(origin ?? '') === 'director')
    .flatMap(atClient)
    .filter(({any}) => isReset(any.packet));
  const servers = new Set(judged.connections.map(({server}) => server?.address));
  const heard = paths
    .flatMap(atClient)
    .filter(({any}) => servers.has(innermostIp(any.packet)?.source));
  const word = frameLine(judged);
  return [['no-ftp-helper', [told, refused, heard].flatMap(list => list.slice(0, 2).map(word))]];
}
