import type {Setup} from '../ipvs/method.ts';
import type {VirtualService} from '../ipvs/types.ts';
import type {Family, Topology} from '../topology/types.ts';
import {keyOf} from './marked.ts';
import {realServerOf} from './resolve.ts';
import type {CounterLab, Lab} from './types.ts';

/** What a counter-lab changes at the service. */
type ServiceChange = Pick<CounterLab['change'], 'scheduler' | 'service' | 'tunnel' | 'nodes'>;

/** A lab's service as it is set up at first, or as its counter-lab has it. */
export function planService(
  lab: Pick<Lab, 'service' | 'realServers'>,
  change: ServiceChange | undefined,
  topology: Topology,
  family: Family,
): VirtualService {
  const {scheduler, flags = [], persistence, onePacket = false} = lab.service;
  const {tunnel, nodes} = change ?? {};
  return {
    key: keyOf(lab, topology, family),
    scheduler: change?.scheduler ?? scheduler,
    // Flags are of the lab's scheduler alone.
    flags: change?.scheduler === undefined ? flags : [],
    onePacket,
    ...(persistence === undefined ? {} : {persistence}),
    ...change?.service,
    realServers: lab.realServers.map(server => {
      const changed = tunnel !== undefined && (nodes?.includes(server.node) ?? true);
      return realServerOf(lab, topology, changed ? {...server, tunnel} : server, family);
    }),
  };
}

/** How the nodes around a lab's service are set up, or what a counter-lab gets wrong there. */
export function planSetup(
  lab: Pick<Lab, 'realServers' | 'setup'>,
  change: Partial<Setup> | undefined,
): Setup {
  const forward = lab.realServers[0]?.forward;
  const holdsVip = forward === 'droute' || forward === 'tunnel';
  const right: Setup = {
    sourceNat: forward === 'fullnat',
    conntrack: forward === 'fullnat' ? 1 : 0,
    vipOnRealServer: holdsVip,
    arpSuppression: holdsVip,
    tunnelUp: true,
    rpFilter: 0,
  };
  return {...right, ...lab.setup, ...change};
}
