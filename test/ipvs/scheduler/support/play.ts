import type {Arrival} from '../../../../src/ipvs/scheduler/types.ts';
import type {ModelledService} from '../../../../src/ipvs/scheduler/world.ts';

/** A real server `a`, `b`, ...: 203.0.113.1, .2, ... */
export const server = (
  letter: string,
  weight: number,
  upperThreshold?: number,
  lowerThreshold?: number,
) => ({
  address: `203.0.113.${letter.charCodeAt(0) - 96}`,
  port: 80,
  weight,
  upperThreshold,
  lowerThreshold,
  forward: 'masq' as const,
});

/** `a` for 203.0.113.1; `-` for none. */
export const letter = (chosen: {readonly address: string} | undefined): string =>
  chosen === undefined ? '-' : String.fromCharCode(96 + Number(chosen.address.split('.').at(-1)));

/** A service of which the servers a, b, ... are added in this order, with these weights. */
export const service = (
  scheduler: string,
  weights: readonly number[],
  flags: readonly string[] = [],
): ModelledService => ({
  key: {kind: 'address', protocol: 'tcp', address: '198.51.100.80', port: 80},
  scheduler,
  flags,
  realServers: weights.map((weight, i) => server(String.fromCharCode(97 + i), weight)),
});

/** A TCP connection from 192.0.2.10, with what is given in place. */
export const arrival = (given: Partial<Arrival> = {}): Arrival => ({
  source: '192.0.2.10',
  sourcePort: 40000,
  destination: '198.51.100.80',
  destinationPort: 80,
  protocol: 'tcp',
  ...given,
});
