import {isScheduler} from '../host/capabilities.ts';
import {lacking, type KernelNeed} from '../host/kernel-needs.ts';
import type {KernelFacts} from '../host/types.ts';
import {tunnelOn} from '../ipvs/tunnel.ts';
import type {Family} from '../topology/types.ts';
import {servedBy} from './exchange/served.ts';
import type {ExchangePlan} from './exchange/plan.ts';
import type {FailoverPlan} from './failover/plan.ts';
import type {FailoverLab} from './failover/types.ts';
import type {Plan} from './plan.ts';
import {added} from './resolve.ts';
import type {LabRealServer} from './service-types.ts';

/** A plan, as far as it tells what it needs of the kernel. */
type Needy = Pick<Plan, 'topology'> &
  Partial<Pick<Plan, 'counter'>> & {
    readonly lab: ReturnType<typeof servedBy>;
  };

/**
 * What the kernel lacks of what the lab needs, in words with the kernel option that brings it. Undefined when it has all.
 * By what was probed, never by version.
 */
export function whatLacks(
  plan: Needy | ExchangePlan | FailoverPlan,
  kernel: KernelFacts,
): string | undefined {
  if (isExchange(plan)) return lacking(kernel, exchangeNeeds(plan));
  return lacking(kernel, isFailover(plan) ? failoverNeeds(plan.lab) : needsOf(plan));
}

const isExchange = (plan: Needy | ExchangePlan | FailoverPlan): plan is ExchangePlan =>
  'kind' in plan && plan.kind === 'exchange';

const isFailover = (plan: Needy | FailoverPlan): plan is FailoverPlan =>
  'kind' in plan && plan.kind === 'failover';

function failoverNeeds({service, family, needs = []}: FailoverLab): readonly KernelNeed[] {
  const {scheduler} = service;
  return [
    'ipvs',
    ...(isScheduler(scheduler) ? [`scheduler-${scheduler}` as const] : []),
    'ipvs-tcp',
    ...(family === 'v6' ? (['ipvs-ipv6'] as const) : []),
    ...needs,
  ];
}

const exchangeNeeds = (plan: ExchangePlan): readonly KernelNeed[] => [
  ...needsOf({topology: plan.topology, lab: servedBy(plan.lab)}),
  ...sysctlsOf(plan),
];

/** The sysctls of IPVS that an exchange sets, or its counter-lab. */
const sysctlsOf = ({expectation, counter}: ExchangePlan): readonly KernelNeed[] =>
  [
    ...expectation.sysctls.map(({values}) => values),
    ...Object.values(counter?.change.sysctls ?? {}),
  ]
    .flatMap(values => Object.keys(values))
    .filter(isIpvsSysctl);

/** What the set-up of a lab or counter-lab does with the kernel, and what the lab says that it needs; the most general first. */
export function needsOf({lab, topology, counter}: Needy): readonly KernelNeed[] {
  const {family = 'v4', realServers, service} = lab;
  const {protocol} = service;
  const scheduler = counter?.change.scheduler ?? service.scheduler;
  const setup = {...lab.setup, ...counter?.change.setup};
  const sysctls = [
    ...topology.nodes.map(node => node.sysctls),
    ...Object.values({...lab.sysctls, ...counter?.change.sysctls}),
  ]
    .flatMap(values => Object.keys(values))
    .filter(isIpvsSysctl);
  return [
    'ipvs',
    ...(isScheduler(scheduler) ? [`scheduler-${scheduler}` as const] : []),
    `ipvs-${protocol}`,
    ...(protocol === 'sctp' ? (['sctp'] as const) : []),
    ...(family === 'v6' ? (['ipvs-ipv6'] as const) : []),
    ...[...realServers, ...added(lab)].flatMap(server => [
      ...tunnelNeeds(server, family),
      ...tunnelNeeds({...server, tunnel: counter?.change.tunnel ?? server.tunnel}, family),
    ]),
    ...((setup.sourceNat ?? realServers[0]?.forward === 'fullnat') ? sourceNatNeeds(family) : []),
    // Whoever has MASQUERADE has DNAT: both come with the same modules.
    ...(setup.netfilterInstead === true
      ? ([family === 'v4' ? 'masquerade' : 'masquerade6'] as const)
      : []),
    ...(service.mark === undefined ? [] : (['mark'] as const)),
    ...(setup.conntrack === 1 ? (['ipvs-nfct'] as const) : []),
    ...sysctls,
    ...(lab.needs ?? []),
  ];
}

const isIpvsSysctl = (name: string): name is `net.ipv4.vs.${string}` =>
  name.startsWith('net.ipv4.vs.');

/** What encapsulates at the director, and what decapsulates at the real server. */
function tunnelNeeds(server: LabRealServer, inner: Family): readonly KernelNeed[] {
  const {forward, family: outer = inner, tunnel = {type: 'ipip'}} = server;
  if (forward !== 'tunnel') return [];
  const {fallback: device} = tunnelOn(tunnel, {inner, outer});
  const mixed = inner === outer ? [] : (['ipvs-mixed'] as const);
  if (tunnel.type === 'ipip') return [...mixed, device];
  if (tunnel.type === 'gre') return [...mixed, 'ipvs-gre', device];
  return [...mixed, 'ipvs-gue', outer === 'v4' ? 'fou' : 'fou6', device];
}

/** Full NAT is masq with SNAT by netfilter. */
const sourceNatNeeds = (family: Family): readonly KernelNeed[] => [
  'ipvs-nfct',
  'match-ipvs',
  family === 'v4' ? 'masquerade' : 'masquerade6',
];
