import type {ContainerCreateOptions, NetworkCreateOptions} from 'dockerode';
import {InputError} from '../problem.ts';
import {formatOwner, type Owner} from '../own/owner.ts';
import type {Network, Node, Topology} from '../topology/types.ts';
import {label} from './labels.ts';

/** Who a deployment belongs to. */
export interface Belonging {
  readonly run: string;
  readonly owner: Owner;
  /** Stays when its owner ends: `lvslab deploy`. */
  readonly keep?: boolean;
}

/** Engine-wide names end in the run's last word, which is random: parallel runs do not meet. */
export const objectName = (run: string, name: string): string =>
  `lvslab-${run.split('-').at(-1)}-${name}`;

const labelsOf = ({run, owner, keep = false}: Belonging): Record<string, string> => ({
  [label.run]: run,
  [label.owner]: formatOwner(owner),
  ...(keep ? {[label.keep]: 'true'} : {}),
});

/** A container whose main process is a shell (see shell.ts), which waits for scripts, whoever brings them; without capability or network. */
export const shellContainer = (belonging: Belonging, image: string) =>
  ({
    Image: image,
    Cmd: ['sh'],
    Env: ['LC_ALL=C'],
    OpenStdin: true,
    StopSignal: 'SIGKILL',
    Labels: labelsOf(belonging),
    HostConfig: {
      // What scripts write goes to whoever runs them; a log would keep all captures once more.
      LogConfig: {Type: 'none', Config: {}},
      NetworkMode: 'none',
      CapDrop: ['ALL'],
    },
  }) satisfies ContainerCreateOptions;

/**
 * A bridge of its own without an address of the host, so that the host is no hidden router (dockerd's bridge driver,
 * `inhibit_ipv4`). The engine's own addresses do not matter: nodes replace them, so parallel runs may use the same.
 */
export const networkOptions = (
  belonging: Belonging,
  topology: Topology,
  {name, mtu}: Network,
): NetworkCreateOptions => ({
  Name: objectName(belonging.run, name),
  Driver: 'bridge',
  Internal: true,
  Options: {
    'com.docker.network.bridge.inhibit_ipv4': 'true',
    'com.docker.network.driver.mtu': String(mtu),
  },
  Labels: {...labelsOf(belonging), [label.topology]: topology.name, [label.network]: name},
});

/** The engine's default list, with all of /proc/sys but net: sysctls of the node can be set in it, unprivileged. */
const readonlyPaths = (
  'bus fs irq sysrq-trigger ' +
  'sys/abi sys/crypto sys/debug sys/dev sys/fs sys/kernel sys/sunrpc sys/user sys/vm'
)
  .split(' ')
  .map(path => `/proc/${path}`);

/** A container for a node: only the capabilities that ip(8), ipvsadm(8), iptables(8) and tcpdump(8) need. */
export function containerOptions(
  belonging: Belonging,
  topology: Topology,
  node: Node,
  image: string,
): ContainerCreateOptions {
  const networks = node.interfaces.map(({network}) => objectName(belonging.run, network));
  const twice = networks.find((network, index) => networks.indexOf(network) !== index);
  if (twice !== undefined)
    throw new InputError({
      what: `node "${node.name}" has two interfaces on one network, which Docker cannot do`,
      where: topology.name,
      value: node.interfaces.map(({name, network}) => `${name} on ${network}`).join(', '),
      next: 'put the second interface on a network of its own',
    });
  const shell = shellContainer(belonging, image);
  return {
    ...shell,
    name: objectName(belonging.run, node.name),
    Hostname: node.name,
    Labels: {...shell.Labels, [label.topology]: topology.name, [label.node]: node.name},
    HostConfig: {
      ...shell.HostConfig,
      // Without an init a dead tcpdump stays a zombie that looks alive.
      Init: true,
      NetworkMode: networks[0] ?? 'none',
      CapAdd: ['NET_ADMIN', 'NET_RAW'],
      ReadonlyPaths: readonlyPaths,
    },
    NetworkingConfig: {
      EndpointsConfig: Object.fromEntries(
        node.interfaces.map(({mac}, index) => [networks[index] ?? '', {MacAddress: mac}]),
      ),
    },
  };
}
