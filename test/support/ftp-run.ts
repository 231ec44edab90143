import {legsOf, type Leg} from './legs.ts';
import {Rig} from './rig.ts';

type Direction = 'request' | 'reply';

/** What the director makes of a control connection; a fault of it can be planted. */
export interface Helper {
  /** The answer to PASV as the client gets it; default: the VIP's numbers. */
  readonly answer?: string;
  /** By how much the server's data grows; default: by as much as the answer did. */
  readonly growth?: number;
  /** Where its data connection goes; default: to the real server of the control connection. */
  readonly data?: 'rs1' | 'rs2';
  /** Its entry in ipvsadm -Lnc is left out. */
  readonly noEntry?: boolean;
}

/** The port that the server announces. */
export const announced = 46_245;

/**
 * A run of NAT with FTP sessions, one to each real server in turn, each with a PASV answer that becomes a byte longer at the
 * director (203.0.113.21 to 198.51.100.80) and a data connection.
 */
export function ftpRun(helper: Helper = {}, sessions = 2): Rig {
  const rig = new Rig('nat');
  for (const node of ['rs1', 'rs2'])
    rig.append(node, 'ip-route', 'default via 203.0.113.2 dev eth0\n');
  rig.append('director', 'sysctl', 'net.ipv4.vs.secure_tcp = 0\n');
  rig.resolve();
  for (let i = 0; i < sessions; i++) session(rig, i % 2 === 0 ? 'rs1' : 'rs2', i, helper);
  const {expectation} = rig;
  rig.expectation = {
    ...expectation,
    facts: [],
    ftp: {
      command: 'PASV',
      transfers: sessions,
      request: [
        {link: 'client > router', ip: 'CIP > VIP', ports: 'CPORT > DPORT'},
        {link: 'router > director'},
        {link: 'director > rs', ip: 'CIP > RIP', proves: ['FTP-PASV2']},
      ],
      reply: [
        {link: 'rs > director', ip: 'RIP > CIP', ports: 'DPORT > CPORT'},
        {link: 'director > router', ip: 'VIP > CIP'},
        {link: 'router > client'},
      ],
      proves: ['FTP-PASV2'],
    },
  };
  return rig;
}

function session(rig: Rig, server: 'rs1' | 'rs2', number: number, helper: Helper): void {
  const clientPort = 40_000 + 10 * number;
  const port = announced + number;
  const route = rig.route(server, clientPort);
  const rip = rig.address(server === 'rs1' ? 'RIP1' : 'RIP2');
  const numbers = (address: string) => [...address.split('.'), port >> 8, port & 255].join(',');
  const line = (six: string) => `227 Entering Passive Mode (${six}).\r\n`;
  const said = line(numbers(rip));
  const told = helper.answer ?? line(numbers(rig.address('VIP')));
  const growth = helper.growth ?? told.length - said.length;
  const at = {request: 1000 + clientPort, reply: 500_000 + clientPort};
  const id = {request: 100, reply: 300};
  let grown = 0;
  const say = (direction: Direction, flags: string, text = '', heard = text): void => {
    const phantom = flags.includes('S') || flags.includes('F') ? 1 : 0;
    const moved = grown;
    const ipId = flags === 'S.' ? 0 : id[direction]++;
    for (const leg of legsOf(route, direction)) {
      const inside = beyond(leg, direction);
      rig.cross(leg, {
        id: ipId,
        protocol: 'tcp',
        flags,
        sequence: at[direction] + (direction === 'reply' && !inside ? moved : 0),
        acknowledgement: direction === 'request' ? at.reply + (inside ? 0 : moved) : at.request,
        payload: direction === 'reply' && !inside ? heard : text,
      });
    }
    at[direction] += text.length + phantom;
    if (heard !== text) grown += growth;
  };
  say('request', 'S');
  say('reply', 'S.');
  say('request', '.');
  say('reply', 'P.', '220 ready\r\n');
  say('request', 'P.', 'PASV\r\n');
  say('reply', 'P.', said, told);
  say('request', '.');
  rig.note(route);
  transfer(rig, helper.data ?? server, {clientPort: clientPort + 1, port, helper});
  say('request', 'P.', 'QUIT\r\n');
  say('reply', 'P.', '221 Goodbye.\r\n');
  say('request', '.');
  say('reply', 'F.');
  say('request', 'F.');
  say('reply', '.');
}

/** The data connection that the client opens, to the announced port at VIP. */
function transfer(
  rig: Rig,
  server: 'rs1' | 'rs2',
  {clientPort, port, helper}: {clientPort: number; port: number; helper: Helper},
): void {
  const route = rig.route(server, clientPort);
  const ways = {
    request: legsOf(route, 'request').map((leg): Leg => ({...leg, destinationPort: port})),
    reply: legsOf(route, 'reply').map((leg): Leg => ({...leg, sourcePort: port})),
  };
  const [c, s, file] = [7000, 9000, 'data of a file'];
  const packets: readonly (readonly [Direction, string, number, number, string, number])[] = [
    ['request', 'S', c, 0, '', 500],
    ['reply', 'S.', s, c + 1, '', 0],
    ['request', '.', c + 1, s + 1, '', 501],
    ['reply', 'P.', s + 1, c + 1, file, 600],
    ['reply', 'F.', s + 1 + file.length, c + 1, '', 601],
    ['request', 'F.', c + 1, s + 2 + file.length, '', 502],
    ['reply', '.', s + 2 + file.length, c + 2, '', 602],
  ];
  for (const [direction, flags, sequence, acknowledgement, payload, id] of packets)
    rig.send(ways[direction], {id, protocol: 'tcp', flags, sequence, acknowledgement, payload});
  if (helper.noEntry === true) return;
  const rip = rig.address(server === 'rs1' ? 'RIP1' : 'RIP2');
  rig.append(
    'director',
    'ipvsadm-Lnc',
    `TCP 01:58  TIME_WAIT   ${rig.address('CIP')}:${clientPort} ${rig.address('VIP')}:${port} ${rip}:${port}\n`,
  );
}

/** Whether the leg is on the real server's side of the director. */
const beyond = ({from, to}: Leg, direction: Direction): boolean =>
  direction === 'request' ? from === 'director' : to === 'director';
