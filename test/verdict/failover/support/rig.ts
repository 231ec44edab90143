import dr from '../../../../labs/failover/dr.ts';
import {planFailover} from '../../../../src/lab/failover/plan.ts';
import {runFormat, type MarkRecord, type RunFolder} from '../../../../src/run-folder/types.ts';
import {addressByName, nodeByName} from '../../../../src/topology/names.ts';
import type {Topology} from '../../../../src/topology/types.ts';
import type {InterfaceCapture} from '../../../../src/trace/types.ts';
import {judge} from '../../../../src/verdict/judge.ts';
import type {Expectation, Judgement} from '../../../../src/verdict/types.ts';
import {build, type Layer} from '../../../../src/wire/build.ts';
import type {Frame} from '../../../../src/wire/types.ts';

/** What a test makes go wrong in a failover that would pass. */
export interface Wrong {
  readonly advert?: Partial<Extract<Layer, {kind: 'vrrp'}>>;
  readonly advertTtl?: number;
  /** More advertisements: from whom, before or after the failover. */
  readonly stranger?: {
    readonly node: string;
    readonly when: 'before' | 'after';
    /** Milliseconds after the master's last one. */
    readonly late?: number;
  };
  readonly silent?: boolean;
  /** Whose MAC the new master announces. */
  readonly announcesMacOf?: string;
  readonly announces?: false;
  /** Who does not see the announcement. */
  readonly deafTo?: string;
  readonly sync?: false | Partial<Extract<Layer, {kind: 'ipvs-sync'}>>;
  readonly syncedTo?: string;
  readonly backupEntry?: string;
  /** The director that the connection's packets go through before and after. */
  readonly before?: string;
  readonly after?: string;
  /** When a packet ends at the dead director. */
  readonly lostAt?: 'outage' | 'before' | 'after';
  readonly reset?: boolean;
  readonly more?: (rig: FailoverRig) => void;
  readonly masters?: false;
  /** What the directors say of themselves, as `d1 ipvsadm-Ln`; else they are not asked. */
  readonly texts?: Readonly<Record<string, string>>;
}

const second = 1_000_000_000n;

/** A failover of `labs/failover/dr.ts` with one held connection, made without a kernel. */
export class FailoverRig {
  readonly topology: Topology;
  readonly expectation: Expectation;
  readonly frames = new Map<string, Frame[]>();
  readonly marks: MarkRecord[] = [];
  readonly dead = new Set<string>();
  time = 1_800_000_000n * second;
  /** Every origin counts its own IP ids. */
  readonly #ids = new Map<string, number>();
  readonly #wrong: Wrong;

  constructor(wrong: Wrong = {}) {
    this.#wrong = wrong;
    const {topology, expectation} = planFailover({
      ...dr.spec,
      kind: 'failover',
      name: 'failover/dr',
      file: '',
    });
    this.topology = topology;
    const {failover} = expectation;
    if (failover === undefined) throw new Error('not a failover');
    const {services, ...rest} = failover;
    const asked = wrong.texts === undefined || services === undefined ? rest : {...rest, services};
    this.expectation = {...expectation, connections: 1, failover: {...asked, survivors: 1}};
    for (const node of topology.nodes)
      for (const {name} of node.interfaces) this.frames.set(`${node.name} ${name}`, []);
    this.#play();
  }

  #nextId(origin: string): number {
    const id = this.#ids.get(origin) ?? 100 * (this.#ids.size + 1);
    this.#ids.set(origin, id + 1);
    return id;
  }

  #play(): void {
    const wrong = this.#wrong;
    this.mark('start', ['d1', 'd2'], () => this.advert('d1'));
    this.mark('masters', ['d1', 'd2'], () => this.announce('d1'));
    const before = wrong.before ?? 'd1';
    this.request(before, 'S', 0, 0);
    this.reply('S.', 0, 1);
    this.request(before, '.', 1, 1);
    this.request(before, 'P.', 1, 1, 'question');
    this.reply('P.', 1, 9, 'answer');
    this.request(before, '.', 9, 7);
    if (wrong.sync !== false) this.sync('d1', wrong.sync ?? {}, wrong.syncedTo ?? 'RIP1');
    this.mark('synced', ['d2']);
    this.advert('d1');
    if (wrong.stranger?.when === 'before') {
      this.time += BigInt(wrong.stranger.late ?? 0) * (second / 1000n);
      this.advert(wrong.stranger.node);
    }
    if (wrong.lostAt === 'before') this.lost('P.', 9, 7, 'again');
    this.mark('kill', ['d1'], () => this.dead.add('d1'));
    if (wrong.lostAt === undefined || wrong.lostAt === 'outage') this.lost('P.', 9, 7, 'again');
    if (wrong.silent !== true) this.advert('d2');
    if (wrong.announces !== false) this.announce('d2');
    this.mark('masters', ['d2']);
    if (wrong.stranger?.when === 'after') this.advert(wrong.stranger.node);
    if (wrong.lostAt === 'after') this.lost('P.', 9, 7, 'again');
    const after = wrong.after ?? 'd2';
    this.request(after, 'P.', 9, 7, 'again', wrong.reset === true);
    if (wrong.reset === true) this.resetBy('d2');
    else {
      this.reply('P.', 7, 14, 'answer');
      this.request(after, '.', 14, 13);
      this.request(after, 'F.', 14, 13);
      this.reply('F.', 13, 15);
      this.request(after, '.', 15, 14);
    }
    wrong.more?.(this);
    this.mark('end', ['d1', 'd2']);
    // What comes later need not be seen by all.
    this.advert('d2', ['rs1', 'rs2']);
  }

  mark(kind: MarkRecord['kind'], nodes: readonly string[], deed: () => unknown = () => 0): void {
    const from = String((this.time += second));
    deed();
    const to = String((this.time += second));
    const reached = kind !== 'masters' || this.#wrong.masters !== false;
    this.marks.push({kind, nodes, from, to, reached});
  }

  address = (name: string): string => addressByName(this.topology, name, 'v4') ?? '';
  mac = (name: string, network = 'lan'): string =>
    nodeByName(this.topology, name).interfaces.find(link => link.network === network)?.mac ?? '';

  /** The interfaces of the network see it, its sender first, but for those that are dead or do not see it. */
  see(bytes: Uint8Array, from: string, to: readonly string[], network = 'lan'): void {
    for (const [i, name] of [from, ...to].entries()) {
      const link = nodeByName(this.topology, name).interfaces.find(one => one.network === network);
      if (link === undefined || this.dead.has(name)) continue;
      const list = this.frames.get(`${name} ${link.name}`) ?? [];
      const {length} = list;
      const time = this.time + (i === 0 ? 0n : 20_000n);
      list.push({
        number: length + 1,
        time,
        linkType: 'ethernet',
        bytes,
        originalLength: bytes.length,
      });
    }
    this.time += second / 1000n;
  }

  all = (but: string): readonly string[] =>
    ['router', 'd1', 'd2', 'rs1', 'rs2'].filter(name => name !== but);

  advert(node: string, deaf: readonly string[] = []): void {
    const {advert = {}, advertTtl = 255} = this.#wrong;
    const layers: Layer[] = [
      {kind: 'ethernet', source: this.mac(node), destination: '01:00:5e:00:00:12'},
      {
        kind: 'ipv4',
        source: this.address(node === 'd1' ? 'DIP1' : 'DIP2'),
        destination: '224.0.0.18',
        ttl: advertTtl,
        id: this.#nextId(node),
      },
      {
        kind: 'vrrp',
        version: 3,
        virtualRouter: 51,
        priority: node === 'd1' ? 150 : 100,
        maxAdvertisementInterval: 100,
        addresses: [this.address('VIP')],
        ...advert,
      },
    ];
    this.see(
      build(layers),
      node,
      this.all(node).filter(name => !deaf.includes(name)),
    );
  }

  announce(node: string): void {
    const {announcesMacOf = node, deafTo} = this.#wrong;
    const vip = this.address('VIP');
    const senderMac = this.mac(announcesMacOf);
    const layers: Layer[] = [
      {kind: 'ethernet', source: this.mac(node), destination: 'ff:ff:ff:ff:ff:ff'},
      {kind: 'arp', operation: 1, senderMac, senderIp: vip, targetIp: vip},
    ];
    this.see(
      build(layers),
      node,
      this.all(node).filter(name => name !== deafTo),
    );
  }

  sync(
    node: string,
    more: Partial<Extract<Layer, {kind: 'ipvs-sync'}>>,
    destination: string,
  ): void {
    const layers: Layer[] = [
      {kind: 'ethernet', source: this.mac(node), destination: '01:00:5e:00:00:51'},
      {
        kind: 'ipv4',
        source: this.address('DIP1'),
        destination: '224.0.0.81',
        ttl: 1,
        id: this.#nextId(node),
      },
      {kind: 'udp', sourcePort: 50_000, destinationPort: 8848},
      {
        kind: 'ipvs-sync',
        version: 1,
        syncId: 1,
        connections: [
          {
            client: this.address('CIP'),
            clientPort: 40_000,
            virtual: this.address('VIP'),
            virtualPort: 80,
            destination: this.address(destination),
            destinationPort: 80,
            protocol: 6,
            state: 1,
          },
        ],
        ...more,
      },
    ];
    this.see(build(layers), node, this.all(node));
  }

  #tcp(
    request: boolean,
    [source, destination]: readonly [string, string],
    ttl: number,
    {flags, sequence, acknowledgement, payload, id}: Segment,
  ): Uint8Array {
    const [client, vip] = [this.address('CIP'), this.address('VIP')];
    return build(
      [
        {kind: 'ethernet', source, destination},
        {
          kind: 'ipv4',
          source: request ? client : vip,
          destination: request ? vip : client,
          ttl,
          id,
        },
        {
          kind: 'tcp',
          sourcePort: request ? 40_000 : 80,
          destinationPort: request ? 80 : 40_000,
          flags,
          sequence: (request ? 1000 : 5000) + sequence,
          acknowledgement: (request ? 5000 : 1000) + acknowledgement,
        },
      ],
      Buffer.from(payload),
    );
  }

  request(
    director: string,
    flags: string,
    sequence: number,
    acknowledgement: number,
    payload = '',
    ends = false,
  ): void {
    const segment = {flags, sequence, acknowledgement, payload, id: this.#nextId('client')};
    const way = (from: string, to: string, ttl: number, network = 'lan'): void =>
      this.see(
        this.#tcp(true, [this.mac(from, network), this.mac(to, network)], ttl, segment),
        from,
        [to],
        network,
      );
    way('client', 'router', 64, 'outer');
    way('router', director, 63);
    if (!ends) way(director, 'rs1', 62);
  }

  /** A packet that ends where the router sends it, which the bridge floods. */
  lost(flags: string, sequence: number, acknowledgement: number, payload: string): void {
    const segment = {flags, sequence, acknowledgement, payload, id: this.#nextId('client')};
    const pair = [this.mac('client', 'outer'), this.mac('router', 'outer')] as const;
    this.see(this.#tcp(true, pair, 64, segment), 'client', ['router'], 'outer');
    const dead = this.#tcp(true, [this.mac('router'), this.mac('d1')], 63, segment);
    this.see(dead, 'router', this.dead.has('d1') ? ['d2', 'rs1', 'rs2'] : ['d1']);
  }

  reply(flags: string, sequence: number, acknowledgement: number, payload = ''): void {
    const segment = {
      flags,
      sequence,
      acknowledgement,
      payload,
      id: flags === 'S.' ? 0 : this.#nextId('rs1'),
    };
    this.see(this.#tcp(false, [this.mac('rs1'), this.mac('router')], 64, segment), 'rs1', [
      'router',
    ]);
    const pair = [this.mac('router', 'outer'), this.mac('client', 'outer')] as const;
    this.see(this.#tcp(false, pair, 63, segment), 'router', ['client'], 'outer');
  }

  resetBy(director: string): void {
    const segment = {flags: 'R', sequence: 7, acknowledgement: 0, payload: '', id: 0};
    this.see(this.#tcp(false, [this.mac(director), this.mac('router')], 64, segment), director, [
      'router',
    ]);
    const pair = [this.mac('router', 'outer'), this.mac('client', 'outer')] as const;
    this.see(this.#tcp(false, pair, 63, segment), 'router', ['client'], 'outer');
  }

  captures(): readonly InterfaceCapture[] {
    return [...this.frames].map(([place, frames]) => {
      const [node = '', name = ''] = place.split(' ');
      return {node, interface: name, frames};
    });
  }

  judge(): Judgement {
    return judge(this.folder(), this.captures(), this.expectation);
  }

  folder(): RunFolder {
    const captures = this.captures();
    const answered = this.#wrong.reset !== true;
    const request = (message: number, fine: boolean) => ({
      client: 'client',
      token: `t-1-${message}`,
      url: '/',
      message,
      answered: fine,
      status: fine ? 200 : 0,
      exitCode: fine ? 0 : 56,
      answeredBy: fine ? 'rs1' : '',
      localAddress: this.address('CIP'),
      localPort: 40_000,
    });
    const entry = (state: string, rip: string): string =>
      `TCP 15:00 ${state} ${this.address('CIP')}:40000 ${this.address('VIP')}:80 ${rip}:80\n`;
    const heading = 'IPVS connection entries\npro expire state source virtual destination\n';
    const {backupEntry} = this.#wrong;
    const texts = new Map([
      ['d2 ipvsadm-Lnc', heading + entry('TIME_WAIT', this.address('RIP1'))],
      ['d2 synced-entries', heading + (backupEntry ?? entry('ESTABLISHED', this.address('RIP1')))],
      ...Object.entries(this.#wrong.texts ?? {}),
    ]);
    return {
      path: 'run',
      record: {
        format: runFormat,
        id: 'made',
        lab: 'failover/dr',
        started: '2026-11-26T00:00:00.000Z',
        lvslab: '0',
        kernel: 'none',
        host: {kind: 'guest', accelerator: 'none', engine: '0'},
        captures: captures.map(({node, interface: name, frames}) => ({
          node,
          interface: name,
          file: `pcap/${node}.${name}.pcap`,
          ready: true,
          flushed: true,
          captured: frames.length,
          receivedByFilter: frames.length,
          droppedByKernel: 0,
          droppedByInterface: 0,
        })),
        requests: [request(1, true), request(2, answered)],
        events: [],
        marks: this.marks,
        doubts: [],
        kernelTrouble: [],
      },
      topology: this.topology,
      text: (node, name) => texts.get(`${node} ${name}`) ?? '',
    };
  }
}

interface Segment {
  readonly flags: string;
  readonly sequence: number;
  readonly acknowledgement: number;
  readonly payload: string;
  readonly id: number;
}
