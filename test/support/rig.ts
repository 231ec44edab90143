import ipaddr from 'ipaddr.js';
import dr from '../../labs/modes/dr.ts';
import fullnat from '../../labs/modes/fullnat.ts';
import nat from '../../labs/modes/nat.ts';
import tun from '../../labs/modes/tun.ts';
import {
  runFormat,
  type CaptureRecord,
  type EventRecord,
  type ExpiryRecord,
  type RequestRecord,
  type RunFolder,
  type RunRecord,
} from '../../src/run-folder/types.ts';
import {findTopology, ownTopologies} from '../../src/topology/load.ts';
import {addressByName} from '../../src/topology/names.ts';
import type {Family, Topology} from '../../src/topology/types.ts';
import type {InterfaceCapture} from '../../src/trace/types.ts';
import {judge} from '../../src/verdict/judge.ts';
import type {Expectation, Judgement} from '../../src/verdict/types.ts';
import {build, type Layer} from '../../src/wire/build.ts';
import {decode} from '../../src/wire/decode.ts';
import {printPacket} from '../../src/wire/print.ts';
import {patch, type Change, type PatchOptions} from '../../src/wire/patch.ts';
import type {Frame, LinkType} from '../../src/wire/types.ts';
import {
  layersOf,
  legsOf,
  linkOf,
  serverPort,
  topologyOf,
  tunnels,
  type Content,
  type Leg,
  type Mode,
  type Route,
} from './legs.ts';

const labs = {nat, dr, ipip: tun, gre: tun, gue: tun, fullnat} as const;

type Editable<T> = {-readonly [K in keyof T]: T[K]};

/**
 * A run made without a kernel: nodes forward as the mode says, and every interface of a link captures the frame. What it
 * makes can be spoilt before it is judged.
 */
export class Rig {
  readonly mode: Mode;
  readonly family: Family;
  /** Of the real servers' addresses, and of tunnels' outer headers. */
  readonly outer: Family;
  readonly topology: Topology;
  readonly frames = new Map<string, Frame[]>();
  readonly records = new Map<string, Editable<CaptureRecord>>();
  readonly texts = new Map<string, string>();
  readonly requests: RequestRecord[] = [];
  readonly doubts: string[] = [];
  readonly events: EventRecord[] = [];
  readonly expiries: ExpiryRecord[] = [];
  readonly kernelTrouble: string[] = [];
  expectation: Expectation;
  /** Nanoseconds; a frame takes 20 microseconds from one end of a link to the other. */
  time = 1_700_000_000_000_000_000n;

  constructor(
    mode: Mode,
    family: Family = 'v4',
    protocol: 'tcp' | 'udp' = 'tcp',
    topology: string = topologyOf[mode],
    outer: Family = family,
  ) {
    this.mode = mode;
    this.family = family;
    this.outer = outer;
    this.topology = findTopology(topology, [ownTopologies]);
    for (const node of this.topology.nodes)
      for (const {name} of node.interfaces) this.frames.set(`${node.name} ${name}`, []);
    if (tunnels.includes(mode))
      for (const node of ['rs1', 'rs2']) this.frames.set(`${node} ${this.device}`, []);
    const {expect} = labs[mode].spec;
    this.expectation = {
      family,
      protocol,
      connections: 0,
      virtual: {address: 'VIP', port: 80},
      realServers: ['rs1', 'rs2'].map(node => ({
        node,
        port: serverPort(mode),
        ...(outer === family ? {} : {family: outer}),
      })),
      request: expect.request.map(hop =>
        hop.encapsulation === undefined ? hop : {...hop, encapsulation: encapsulationOf(mode)},
      ),
      reply: expect.reply,
      never: expect.never ?? [],
      roundRobin: true,
      entries: {node: 'director', proves: expect.entries?.proves ?? []},
      answers: {proves: expect.answers?.proves ?? []},
      facts: expect.facts ?? [],
    };
  }

  get device(): string {
    if (this.mode === 'gre') return 'gre0';
    return this.outer === 'v6' ? 'ip6tnl0' : this.family === 'v4' ? 'tunl0' : 'sit0';
  }

  address(name: string): string {
    return addressByName(this.topology, name, this.family) ?? '';
  }

  route(server: 'rs1' | 'rs2', clientPort: number, localPort = clientPort + 1000): Route {
    return {
      mode: this.mode,
      family: this.family,
      outer: this.outer,
      topology: this.topology,
      server,
      clientPort,
      localPort,
    };
  }

  /** Puts the bytes on a network: each of the interfaces sees them, the first one first. */
  see(bytes: Uint8Array, ...places: readonly string[]): void {
    for (const [i, place] of places.entries()) {
      const linkType: LinkType = /tunl0|gre0|ip6tnl0|sit0/.test(place) ? 'raw' : 'ethernet';
      const list = this.frames.get(place) ?? [];
      list.push({
        number: list.length + 1,
        time: this.time + (i === 0 ? 0n : 20_000n),
        linkType,
        bytes,
        originalLength: bytes.length,
      });
    }
    this.time += 50_000n;
  }

  /** One packet over one link, or more of it. */
  cross(leg: Leg, content: Content): void {
    const {sender, receiver} = linkOf(this.topology, leg.from, leg.to);
    const ethernet: Layer = {kind: 'ethernet', source: sender.mac, destination: receiver.mac};
    const bytes = build([ethernet, ...layersOf(leg, content)], Buffer.from(content.payload ?? ''));
    this.see(bytes, `${leg.from} ${sender.name}`, `${leg.to} ${receiver.name}`);
  }

  /** A packet all its way, and out of the tunnel device at its end. */
  send(legs: readonly Leg[], content: Content): void {
    for (const leg of legs) this.cross(leg, content);
    const last = legs.at(-1);
    if (last?.tunnel !== undefined)
      this.see(
        build([...layersOf(last, content, true)], Buffer.from(content.payload ?? '')),
        `${last.to} ${this.device}`,
      );
  }

  /** A whole HTTP-like connection; its server's IP ids begin with `id`, but for the SYN-ACK's, which is 0. */
  connect(server: 'rs1' | 'rs2', clientPort: number, isn = clientPort * 7, id = 300): void {
    const route = this.route(server, clientPort);
    const ways = {request: legsOf(route, 'request'), reply: legsOf(route, 'reply')};
    const [c, s] = [isn, isn + 500_000];
    const ask = `GET /${clientPort}`;
    const answer = `answer of ${server} to ${clientPort}`;
    const [q, a] = [c + 1 + ask.length, s + 1 + answer.length];
    const packets: readonly (readonly [
      'request' | 'reply',
      string,
      number,
      number,
      string,
      number,
    ])[] = [
      ['request', 'S', c, 0, '', 100],
      ['reply', 'S.', s, c + 1, '', 0],
      ['request', '.', c + 1, s + 1, '', 101],
      ['request', 'P.', c + 1, s + 1, ask, 102],
      ['reply', '.', s + 1, q, '', id],
      ['reply', 'P.', s + 1, q, answer, id + 1],
      ['request', '.', q, a, '', 103],
      ['reply', 'F.', a, q, '', id + 2],
      ['request', 'F.', q, a + 1, '', 104],
      ['reply', '.', a + 1, q + 1, '', id + 3],
    ];
    for (const [direction, flags, sequence, acknowledgement, payload, ipId] of packets)
      this.send(ways[direction], {
        id: ipId,
        protocol: 'tcp',
        flags,
        sequence,
        acknowledgement,
        payload,
      });
    this.note(route);
  }

  /** One datagram there and one back. */
  exchange(server: 'rs1' | 'rs2', clientPort: number, id = 9): void {
    const route = this.route(server, clientPort);
    this.send(legsOf(route, 'request'), {id, protocol: 'udp', payload: 'question'});
    this.send(legsOf(route, 'reply'), {id, protocol: 'udp', payload: 'reply'});
    this.note(route);
  }

  /** What the client, IPVS and the access log say of a connection. */
  note({server, clientPort, localPort}: Route): void {
    const name = server === 'rs1' ? 'RIP1' : 'RIP2';
    const rip = addressByName(this.topology, name, this.outer) ?? '';
    const at = (address: string, port: number): string =>
      address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
    this.expectation = {...this.expectation, connections: this.expectation.connections + 1};
    this.requests.push({
      client: 'client',
      token: `t${clientPort}`,
      url: '/',
      message: 1,
      answered: true,
      status: 200,
      exitCode: 0,
      answeredBy: server,
      localAddress: this.address('CIP'),
      localPort: clientPort,
    });
    const kind = this.expectation.protocol.toUpperCase();
    this.append(
      'director',
      'ipvsadm-Lnc',
      `${kind} 01:58  ${this.state}   ${at(this.address('CIP'), clientPort)} ${at(this.address('VIP'), 80)} ${at(rip, serverPort(this.mode))}\n`,
    );
    const peer =
      this.mode === 'fullnat'
        ? at(this.address('LIP'), localPort)
        : at(this.address('CIP'), clientPort);
    this.append(server, 'access-log', `${peer} t${clientPort} 200\n`);
  }

  /** What IPVS makes of a connection that has ended: it sees both FINs with masq, the client's alone otherwise. */
  get state(): string {
    if (this.expectation.protocol === 'udp') return 'UDP';
    return this.mode === 'nat' || this.mode === 'fullnat' ? 'TIME_WAIT' : 'FIN_WAIT';
  }

  append(node: string, name: string, text: string): void {
    this.texts.set(`${node} ${name}`, (this.texts.get(`${node} ${name}`) ?? '') + text);
  }

  /** The entry of the client's port in another state. */
  restate(clientPort: number, state: string): void {
    const name = 'director ipvsadm-Lnc';
    const lines = (this.texts.get(name) ?? '').split('\n');
    this.texts.set(
      name,
      lines
        .map(line => (line.includes(`:${clientPort} `) ? line.replace(/[A-Z]+_WAIT/, state) : line))
        .join('\n'),
    );
  }

  /** Takes the lines that hold the text out of what a node said. */
  drop(node: string, name: string, text: string): void {
    const lines = (this.texts.get(`${node} ${name}`) ?? '').split('\n');
    this.texts.set(`${node} ${name}`, lines.filter(line => !line.includes(text)).join('\n'));
  }

  /** The director answers a question for the VIP, or whoever is named does. */
  resolve(owner = 'director'): void {
    const {network, sender, receiver} = linkOf(this.topology, owner, 'router');
    const vip = this.address('VIP');
    const address = receiver.address[this.family] ?? '';
    const all = this.topology.nodes.flatMap(node =>
      node.interfaces
        .filter(link => link.network === network)
        .map(link => `${node.name} ${link.name}`),
    );
    const asker = `router ${receiver.name}`;
    const everybody = [asker, ...all.filter(place => place !== asker)];
    const both = [`${owner} ${sender.name}`, asker] as const;
    if (this.family === 'v4') {
      const arp = {kind: 'arp', senderIp: address, targetIp: vip} as const;
      const broadcast: Layer = {
        kind: 'ethernet',
        source: receiver.mac,
        destination: 'ff:ff:ff:ff:ff:ff',
      };
      this.see(build([broadcast, {...arp, operation: 1, senderMac: receiver.mac}]), ...everybody);
      const answer: Layer = {
        kind: 'arp',
        operation: 2,
        senderMac: sender.mac,
        senderIp: vip,
        targetMac: receiver.mac,
        targetIp: address,
      };
      this.see(
        build([{kind: 'ethernet', source: sender.mac, destination: receiver.mac}, answer]),
        ...both,
      );
      return;
    }
    const target = Buffer.from(ipaddr.parse(vip).toByteArray());
    const advertisement: Layer[] = [
      {kind: 'ethernet', source: sender.mac, destination: receiver.mac},
      {kind: 'ipv6', source: vip, destination: address, hopLimit: 255},
      {kind: 'icmpv6', type: 136},
    ];
    this.see(build(advertisement, target), ...both);
  }

  /** The number of the n-th frame of a capture whose one-line print has the text. */
  find(place: string, text: string, nth = 1): number {
    const found = (this.frames.get(place) ?? []).filter(frame =>
      printPacket(decode(frame)).includes(text),
    )[nth - 1];
    if (found === undefined) throw new Error(`no "${text}" at ${place}`);
    return found.number;
  }

  bytesAt(place: string, number: number): Buffer {
    return Buffer.from(this.frames.get(place)?.[number - 1]?.bytes ?? []);
  }

  /** Puts other bytes into a frame of one capture. */
  replace(place: string, number: number, bytes: Uint8Array): void {
    const list = this.frames.get(place) ?? [];
    const frame = list[number - 1];
    if (frame === undefined) throw new Error(`no frame ${number} at ${place}`);
    list[number - 1] = {...frame, bytes, originalLength: bytes.length};
  }

  judge(): Judgement {
    return judge(this.folder(), this.captures(), this.expectation);
  }

  captures(): readonly InterfaceCapture[] {
    return [...this.frames].map(([place, frames]) => {
      const [node, name] = place.split(' ');
      return {node: node ?? '', interface: name ?? '', frames};
    });
  }

  /** Changes one frame of one capture, or of all given. */
  alter(places: readonly string[], number: number, change: Change, options?: PatchOptions): void {
    for (const place of places) {
      const list = this.frames.get(place) ?? [];
      const frame = list[number - 1];
      if (frame === undefined) throw new Error(`no frame ${number} at ${place}`);
      list[number - 1] = {...frame, bytes: patch(frame, change, options)};
    }
  }

  /** Takes a frame away, and out of tcpdump's count: as if it had never been captured. */
  remove(place: string, number: number): Frame {
    const list = this.frames.get(place) ?? [];
    const [gone] = list.splice(number - 1, 1);
    if (gone === undefined) throw new Error(`no frame ${number} at ${place}`);
    this.frames.set(
      place,
      list.map((frame, i) => ({...frame, number: i + 1})),
    );
    return gone;
  }

  add(place: string, bytes: Uint8Array, time: bigint): void {
    const list = [...(this.frames.get(place) ?? [])];
    list.push({number: 0, time, linkType: 'ethernet', bytes, originalLength: bytes.length});
    list.sort((a, b) => Number(a.time - b.time));
    this.frames.set(
      place,
      list.map((frame, i) => ({...frame, number: i + 1})),
    );
  }

  /** The record of one capture as it will be told; fields that are set here stay. */
  record(place: string): Editable<CaptureRecord> {
    const [node, name] = place.split(' ');
    const captured = this.frames.get(place)?.length ?? 0;
    const record = this.records.get(place) ?? {
      node: node ?? '',
      interface: name ?? '',
      file: `pcap/${node}.${name}.pcap`,
      ready: true,
      flushed: true,
      captured,
      receivedByFilter: captured,
      droppedByKernel: 0,
      droppedByInterface: 0,
    };
    this.records.set(place, record);
    return record;
  }

  folder(): RunFolder {
    const record: RunRecord = {
      format: runFormat,
      id: 'test',
      lab: `modes/${this.mode}`,
      started: '2026-11-23T00:00:00Z',
      lvslab: '0.1.0',
      kernel: '6.1.0',
      host: {kind: 'guest', accelerator: 'tcg', engine: '26.1'},
      captures: [...this.frames.keys()].map(place => this.record(place)),
      requests: this.requests,
      events: this.events,
      expiries: this.expiries,
      doubts: this.doubts,
      kernelTrouble: this.kernelTrouble,
    };
    return {
      path: '/run',
      record,
      topology: this.topology,
      text: (node, name) => this.texts.get(`${node} ${name}`) ?? '',
    };
  }
}

const encapsulationOf = (mode: Mode): 'ipip' | 'gre' | 'gue' | 'none' =>
  mode === 'ipip' || mode === 'gre' || mode === 'gue' ? mode : 'none';
