import {planExchange, type ExchangePlan} from '../../src/lab/exchange/plan.ts';
import type {Exchange, ExchangeSpec} from '../../src/lab/exchange/types.ts';
import {judgeExchange} from '../../src/verdict/exchange/judge.ts';
import type {
  CausedExpectation,
  EntryExpectation,
  ExchangeExpectation,
  ExchangeHop,
  SentExpectation,
} from '../../src/verdict/exchange/types.ts';
import type {Judgement} from '../../src/verdict/types.ts';
import {isWhole, membersOf} from '../../src/verdict/exchange/group.ts';
import {decoded, quotedBy} from '../../src/verdict/exchange/inner.ts';
import {build, type Layer} from '../../src/wire/build.ts';
import {decode} from '../../src/wire/decode.ts';
import {innermostIp} from '../../src/wire/packet.ts';
import {patch, type Change} from '../../src/wire/patch.ts';
import {linkOf} from './legs.ts';
import {Rig} from './rig.ts';

/** An exchange as its file gives it. */
export const exchangeOf = (spec: ExchangeSpec): Exchange => ({
  ...spec,
  kind: 'exchange',
  name: 'sysctls/made',
  file: 'made.ts',
});

/**
 * The run of an exchange over NAT, made without a kernel: every packet goes as the exchange says, and the director says what it
 * says. What this makes can be spoilt before it is judged.
 */
export class ExchangeRig extends Rig {
  readonly plan: ExchangePlan;
  expected: ExchangeExpectation;

  constructor(spec: ExchangeSpec) {
    super('nat', spec.family, 'tcp', spec.topology);
    this.plan = planExchange(exchangeOf(spec));
    // A director that says nothing of itself is not asked.
    const {ipvs: _, ...expected} = this.plan.expectation;
    this.expected = expected;
    for (const step of this.expected.steps) {
      if (step.kind === 'packets') for (const packet of step.packets) this.#play(packet);
      if (step.kind === 'entries') this.list(step.text, step.entries, step.protocol);
    }
    const {daemon} = this.expected;
    if (daemon !== undefined)
      this.texts.set(
        `director ${daemon.text}`,
        `${daemon.state} sync daemon (mcast=eth0, syncid=${daemon.id}, maxlen=1472, group=224.0.0.81, port=8848, ttl=1)\n`,
      );
    for (const {node, text, values} of this.expected.sysctls)
      for (const [name, value] of Object.entries(values))
        this.append(node, text, `${name} = ${value}\n`);
  }

  /** Lets the director say of itself, at the end, what is in `texts`. */
  says(texts: Readonly<Record<string, string>>): void {
    const {ipvs} = this.plan.expectation;
    if (ipvs !== undefined) this.expected = {...this.expected, ipvs};
    for (const [name, text] of Object.entries(texts)) this.texts.set(`director ${name}`, text);
  }

  /** What `ipvsadm -Lnc` said at a step. */
  list(text: string, entries: readonly EntryExpectation[], protocol = 'TCP'): void {
    this.texts.set(
      `director ${text}`,
      [
        'IPVS connection entries',
        'pro expire state       source             virtual            destination',
        ...entries.map(entry => {
          const ends = [entry.client, entry.virtual, entry.server].map(end => this.#end(end));
          const seconds = entry.expires?.[1] ?? 58;
          return `${protocol} ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}  ${entry.state} ${ends.join(' ')}`;
        }),
        '',
      ].join('\n'),
    );
  }

  judged(): Judgement {
    return judgeExchange(this.folder(), this.captures(), this.expected);
  }

  /** A frame over one link, with the MACs of its ends and what changes at its sender; gives the frame as it was there. */
  carry(bytes: Uint8Array, [from = '', to = '']: readonly string[], change: Change): Uint8Array {
    const {sender, receiver} = linkOf(this.topology, from, to);
    const frame = patch(
      {bytes, linkType: 'ethernet', originalLength: bytes.length},
      {sourceMac: sender.mac, destinationMac: receiver.mac, ...change},
    );
    this.see(frame, `${from} ${sender.name}`, `${to} ${receiver.name}`);
    return frame;
  }

  /** A packet that its node made itself; an ICMP error hands on what the error quotes that it was told with. */
  make({shape, hops}: CausedExpectation, told?: Uint8Array): void {
    const [first] = hops;
    const {source = '', destination = ''} = this.#addresses(first);
    const {sourcePort = 0, destinationPort = 0} = portsOf(first);
    const {flags = '.', seq = 0, ack = 0} = shape.tcp ?? {};
    const around: readonly Layer[] = [
      {kind: 'ethernet', source: '02:00:00:00:00:01', destination: '02:00:00:00:00:02'},
      {kind: 'ipv4', source, destination, ttl: 64},
    ];
    const {icmp} = shape;
    const frame =
      icmp === undefined || told === undefined
        ? build([
            ...around,
            {kind: 'tcp', sourcePort, destinationPort, flags, sequence: seq, acknowledgement: ack},
          ])
        : build(
            [...around, {kind: 'icmp', type: icmp.type, code: icmp.code ?? 0, rest: icmp.mtu ?? 0}],
            innermostQuoted(told),
          );
    this.#go(frame, hops);
  }

  #play({frame, hops, causes}: SentExpectation): void {
    const bytes = Buffer.from(frame, 'hex');
    this.#go(bytes, hops);
    for (const caused of causes) this.make(caused, bytes);
  }

  #go(start: Uint8Array, hops: readonly ExchangeHop[]): void {
    let bytes = start;
    for (const [i, hop] of hops.entries()) {
      const ip = innermostIp(decode({bytes, linkType: 'ethernet', originalLength: bytes.length}));
      const ttl = ip?.kind === 'ipv4' ? ip.ttl : (ip?.hopLimit ?? 0);
      const change = {...this.#addresses(hop), ...portsOf(hop), ttl: i === 0 ? ttl : ttl - 1};
      if (hop.quotes !== undefined)
        bytes = patch(
          {bytes, linkType: 'ethernet', originalLength: bytes.length},
          {...this.#addresses(hop.quotes), ...portsOf(hop.quotes)},
          {quoted: true},
        );
      const ends = hop.link.split(' > ');
      if (isWhole(ends[1] ?? '', this.topology)) this.#toAll(bytes, ends);
      else bytes = this.carry(bytes, ends, change);
    }
  }

  /** A frame to a group, which all of a network see, its sender first. */
  #toAll(bytes: Uint8Array, [from = '', network = '']: readonly string[]): void {
    const places = membersOf(this.topology, network)
      .toSorted((a, b) => Number(b.node.name === from) - Number(a.node.name === from))
      .map(({node, interface: {name}}) => `${node.name} ${name}`);
    this.see(bytes, ...places);
  }

  #addresses(hop: Pick<ExchangeHop, 'ip'> | undefined): Change {
    if (typeof hop?.ip !== 'string') return {};
    const [source = '', destination = ''] = hop.ip.split(' > ').map(name => this.address(name));
    return {source, destination};
  }

  #end(text: string): string {
    const [name = '', port = ''] = text.split(':');
    return `${this.address(name)}:${port}`;
  }
}

/** The packet that an error quotes, without the tunnel around it. */
function innermostQuoted(bytes: Uint8Array): Uint8Array {
  const quoted = quotedBy(decoded(bytes).packet);
  if (quoted === undefined) return new Uint8Array();
  const {offset, length} = quoted.payload;
  return bytes.subarray(innermostIp(quoted)?.offset, offset + length);
}

function portsOf(hop: Pick<ExchangeHop, 'ports'> | undefined): Change {
  if (hop?.ports === undefined) return {};
  const [sourcePort, destinationPort] = hop.ports.split(' > ').map(Number);
  return {sourcePort, destinationPort};
}
