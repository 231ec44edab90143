import {directorScript} from '../../ipvs/method.ts';
import {localScript} from '../../ipvs/mark.ts';
import {findTopology, ownTopologies} from '../../topology/load.ts';
import type {Topology} from '../../topology/types.ts';
import {namesOf} from '../../verdict/names.ts';
import type {ExchangeExpectation} from '../../verdict/exchange/types.ts';
import {markedOf, virtualAddresses} from '../marked.ts';
import {planService, planSetup} from '../plan-service.ts';
import {sysctlScript} from '../sysctls.ts';
import {directorOf, titleOf} from '../resolve.ts';
import {servedBy} from './served.ts';
import {setUpNodes, timeoutScript, tunnelEndScript} from './set-up.ts';
import {planExchangeSteps} from './steps.ts';
import {type ExchangePlanStep} from './planned.ts';
import {syncScript} from './sync.ts';
import type {Exchange, ExchangeCounter} from './types.ts';

/** An exchange, or one of its counter-labs, with every name resolved: what the live half does and the judge expects. */
export interface ExchangePlan {
  readonly kind: 'exchange';
  readonly lab: Exchange;
  readonly counter: ExchangeCounter | undefined;
  /** `sysctls/sloppy-tcp`, or with a claim for a counter-lab. */
  readonly title: string;
  readonly topology: Topology;
  readonly director: string;
  /** Node name to the script that sets it up. */
  readonly scripts: ReadonlyMap<string, string>;
  /** An exchange captures no device beyond the topology's. */
  readonly tunnels: readonly {readonly node: string; readonly device: string}[];
  readonly steps: readonly ExchangePlanStep[];
  readonly expectation: ExchangeExpectation;
}

/** Resolves an exchange. Throws InputError when its topology lacks something, or a packet cannot be built. */
export function planExchange(
  lab: Exchange,
  counter?: ExchangeCounter,
  topologies: readonly string[] = [],
): ExchangePlan {
  const topology = findTopology(lab.topology, [...topologies, ownTopologies]);
  const {family = 'v4'} = lab;
  const director = directorOf(topology);
  const served = servedBy(lab);
  const service = planService(served, counter?.change, topology, family);
  const names = namesOf(topology, {names: lab.names, family});
  const {steps, expected, sysctls, timeouts, daemon} = planExchangeSteps(lab, counter, {
    topology,
    family,
    director,
    service,
    names,
  });
  const changed = counter?.change.sysctls ?? {};
  const own = directorScript(
    topology,
    director,
    service,
    planSetup(lab, counter?.change.setup),
    markedOf(served, [], topology, family),
  );
  const scripts = setUpNodes(topology, family, lab.names ?? {});
  return {
    kind: 'exchange',
    lab,
    counter,
    title: titleOf(lab, counter),
    topology,
    director,
    scripts: new Map(
      topology.nodes.map(({name}) => [
        name,
        [
          scripts.get(name) ?? '',
          ...(name === director
            ? [own, localScript(virtualAddresses(served, topology, family).slice(1))]
            : []),
          ...(lab.tunnelEnds?.includes(name) === true ? [tunnelEndScript] : []),
          sysctlScript({...lab.sysctls?.[name], ...changed[name]}),
          ...(name === director
            ? [
                timeoutScript({...lab.timeouts, ...counter?.change.timeouts}),
                // Some sysctls are looked at when it starts.
                syncScript(lab, topology, director, counter?.change),
              ]
            : []),
        ].join('\n'),
      ]),
    ),
    tunnels: [],
    steps,
    expectation: {
      kind: 'exchange',
      family,
      director,
      ...(lab.names === undefined ? {} : {names: lab.names}),
      steps: expected,
      sysctls,
      ...(timeouts === undefined ? {} : {timeouts}),
      ...(daemon === undefined ? {} : {daemon}),
      ipvs: {
        services: [planService(served, undefined, topology, family)],
        virtuals: virtualAddresses(served, topology, family),
      },
    },
  };
}
