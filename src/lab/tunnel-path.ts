import type {Carrier} from '../verdict/carrier.ts';
import type {LabSpec} from './types.ts';

/** A tunnel whose carrying header is looked at. */
interface Carried {
  readonly encapsulation: 'ipip' | 'gre' | 'gue';
  /** Of gre and gue. */
  readonly carrier?: Carrier;
  /** Claims of how the packet is wrapped, and of that the real server takes it. */
  readonly wraps: readonly string[];
  readonly serves: readonly string[];
}

/**
 * The path of each packet with TUN when the real servers stand behind the router: wrapped at the director with the inner
 * packet unchanged but its TTL, not touched by the router, and the reply straight back.
 */
export const tunnelledBehindRouter = ({
  encapsulation,
  carrier,
  wraps,
  serves,
}: Carried): Pick<LabSpec['expect'], 'request' | 'reply' | 'never' | 'answers'> => ({
  request: [
    {link: 'client > router', ip: 'CIP > VIP', ports: 'CPORT > 80'},
    {link: 'router > director'},
    {
      link: 'director > router',
      ip: ['DIP > RIP', 'CIP > VIP'],
      encapsulation,
      ...(carrier === undefined ? {} : {carrier}),
      proves: wraps,
    },
    // The router forwards the outer packet: the inner one, its TTL included, is not touched.
    {link: 'router > rs', ttl: 0, proves: [...wraps, ...serves]},
  ],
  reply: [
    {link: 'rs > router', ip: 'VIP > CIP', ports: '80 > CPORT', proves: serves},
    {link: 'router > client'},
  ],
  never: [{at: 'director', direction: 'reply', proves: serves}],
  answers: {proves: serves},
});

/**
 * What is said of a tunnel packet's MTU, as the lab of an ipip tunnel has it, where the carrier takes `more` bytes: a router says what
 * its link takes; what the director says is of the packet in the tunnel, whose TTL shows that it has forwarded it.
 */
export const errorsInCarrier = (
  errors: LabSpec['expect']['errors'] = [],
  more: number,
  proves: readonly string[],
): LabSpec['expect']['errors'] =>
  errors.map(({over, quotedBytes, ...error}) => ({
    ...error,
    ...(error.quotedTtl === undefined || error.mtu === undefined ? {} : {mtu: error.mtu - more}),
    ...(over === undefined ? {} : {over: over - more}),
    ...(quotedBytes === undefined ? {} : {quotedBytes: quotedBytes - more}),
    proves,
  }));
