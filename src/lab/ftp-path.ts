import type {LabSpec} from './types.ts';

/** The claims of FTP through NAT: of its control connections, and of its data connections. */
interface Claims {
  readonly control: readonly string[];
  readonly data: readonly string[];
}

type Paths = Pick<
  LabSpec['expect'],
  'request' | 'reply' | 'data' | 'entries' | 'answers' | 'never'
>;

/**
 * The path of each packet with FTP through NAT, where the client opens the data connection: to the port that the server
 * announces, which the director does not translate.
 */
export const passiveThroughNat = ({control, data}: Claims): Paths => ({
  ...controlThroughNat(control),
  data: {
    request: [
      {link: 'client > router', ip: 'CIP > VIP', ports: 'CPORT > DPORT'},
      {link: 'router > director'},
      {link: 'director > rs', ip: 'CIP > RIP', proves: data},
    ],
    reply: [
      {link: 'rs > director', ip: 'RIP > CIP', ports: 'DPORT > CPORT'},
      {link: 'director > router', ip: 'VIP > CIP', proves: data},
      {link: 'router > client'},
    ],
    proves: data,
  },
});

/** Where the real server opens the data connection: from the port below that of its control connections. */
export const activeThroughNat = ({control, data}: Claims): Paths => ({
  ...controlThroughNat(control),
  data: {
    request: [
      {link: 'rs > director', ip: 'RIP > CIP', ports: '20 > DPORT'},
      {link: 'director > router', ip: 'VIP > CIP', ports: '20 > DPORT', proves: data},
      {link: 'router > client', proves: data},
    ],
    reply: [
      {link: 'client > router', ip: 'CIP > VIP', ports: 'DPORT > 20'},
      {link: 'router > director'},
      {link: 'director > rs', ip: 'CIP > RIP', ports: 'DPORT > 20', proves: data},
    ],
    proves: data,
  },
});

const controlThroughNat = (proves: readonly string[]): Omit<Paths, 'data'> => ({
  request: [
    {link: 'client > router', ip: 'CIP > VIP', ports: 'CPORT > VPORT'},
    {link: 'router > director'},
    {link: 'director > rs', ip: 'CIP > RIP', proves},
  ],
  reply: [
    {link: 'rs > director', ip: 'RIP > CIP', ports: 'VPORT > CPORT'},
    {link: 'director > router', ip: 'VIP > CIP', proves},
    {link: 'router > client', proves},
  ],
  never: [{at: 'client', anyAddress: ['RIP1', 'RIP2', 'DIP'], proves}],
  entries: {proves},
  answers: {proves},
});
