import {InputError} from '../../problem.ts';
import {addressOf} from '../address.ts';

/** One director's part in a virtual router: the addresses are with whoever has the highest priority. */
export interface VrrpInstance {
  /** The virtual router's id (VRID), 1 to 255. */
  readonly id: number;
  readonly device: string;
  /** 1 to 254; 255 is for the owner of the addresses (RFC 9568, 5.2.4). */
  readonly priority: number;
  readonly addresses: readonly string[];
}

/** What keepalived on one director is told of VRRP (keepalived.conf(5), 2.3). */
export interface VrrpConfig {
  readonly instances: readonly VrrpInstance[];
  /** Centiseconds between two advertisements; version 3 has them on the wire, version 2 whole seconds only. */
  readonly interval: number;
  /** A master that hears a higher priority still tells of itself, so that the higher one announces the addresses again. */
  readonly higherTellsOnce: boolean;
  /** Announcements of the addresses when a lower priority is heard. */
  readonly lowerAnnounces: number;
  /** IPVS's connection sync daemon: sends while this virtual router is master here, and listens while it is not. */
  readonly sync?: {readonly device: string; readonly id: number; readonly follows: number};
}

/**
 * The VRRP part of a configuration: every instance begins as backup, so that the priorities decide alone; several go together
 * (vrrp_sync_group) when `together`. Throws InputError for an address that is none, and a number or device out of range.
 */
export function renderVrrp(config: VrrpConfig, together: boolean): string {
  const {instances, interval, higherTellsOnce, lowerAnnounces, sync} = config;
  return `${[
    'global_defs {',
    '  vrrp_version 3',
    `  vrrp_higher_prio_send_advert ${higherTellsOnce ? 'true' : 'false'}`,
    `  vrrp_garp_lower_prio_repeat ${whole('announcements', lowerAnnounces, 0, 5)}`,
    // Two announcements at once, and two more a second later for who was not there.
    '  vrrp_garp_master_repeat 2',
    '  vrrp_garp_master_delay 1',
    '  vrrp_garp_master_refresh 0',
    ...(sync === undefined
      ? []
      : [
          `  lvs_sync_daemon ${device(sync.device)} ${nameOf(sync.follows)} id ${whole('sync id', sync.id, 1, 255)}`,
        ]),
    '}',
    ...(together && instances.length > 1
      ? [
          'vrrp_sync_group TOGETHER {',
          '  group {',
          ...instances.map(({id}) => `    ${nameOf(id)}`),
          '  }',
          '}',
        ]
      : []),
    ...instances.flatMap(instance => renderInstance(instance, interval)),
  ].join('\n')}\n`;
}

const renderInstance = (
  {id, device: name, priority, addresses}: VrrpInstance,
  interval: number,
): readonly string[] => [
  `vrrp_instance ${nameOf(id)} {`,
  '  state BACKUP',
  `  interface ${device(name)}`,
  `  virtual_router_id ${whole('virtual router id', id, 1, 255)}`,
  `  priority ${whole('priority', priority, 1, 254)}`,
  `  advert_int ${whole('interval', interval, 1, 4095) / 100}`,
  '  virtual_ipaddress {',
  // Host length, so that no route to the network comes with it.
  ...addresses.map(text => {
    const address = addressOf(text);
    return `    ${address.text}/${address.family === 'v4' ? 32 : 128} dev ${device(name)}`;
  }),
  '  }',
  '}',
];

const nameOf = (id: number): string => `VR_${id}`;

function whole(what: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new InputError({
    what: `not a ${what} for keepalived`,
    value: String(value),
    valid: [`${least} to ${most}`],
    next: 'correct the lab',
  });
}

function device(text: string): string {
  if (/^[0-9a-z]{1,15}$/i.test(text)) return text;
  throw new InputError({what: 'not an interface', value: text, next: 'name one of the topology'});
}
