import {Notation} from '../../verdict/notation.ts';
import type {
  DaemonExpectation,
  StepExpectation,
  SyncedExpectation,
  SysctlExpectation,
  TimeoutExpectation,
} from '../../verdict/exchange/types.ts';
import {planEdit} from '../steps.ts';
import {sysctlScript} from '../sysctls.ts';
import {awaitedOf, Tally} from './awaited.ts';
import {planPacket} from './packet.ts';
import type {ExchangePlanStep, ExchangeScene, PlannedSteps} from './planned.ts';
import {servedBy} from './served.ts';
import {showScript} from './set-up.ts';
import {askedFor, commandOf} from './shown.ts';
import {awaitedSync, planSynced} from './sync.ts';
import type {
  Exchange,
  ExchangeCounter,
  ExchangeStep,
  PacketStep,
  RepeatStep,
  Sysctls,
} from './types.ts';
import {repeated} from './repeated.ts';

// A packet that does not come will not come later: a wrong set-up is not waited for long.
const patience = {lab: 6, counter: 1};
// The daemon may hold a message back for two seconds, and look for it every second.
const syncPatience = {lab: 20, counter: 6};

/** Resolves the steps of an exchange, or of its counter-lab. Throws InputError for a packet that cannot be built. */
export function planExchangeSteps(
  lab: Exchange,
  counter: ExchangeCounter | undefined,
  scene: ExchangeScene,
): PlannedSteps {
  const planner = new Planner(lab, counter, scene);
  for (const [i, step] of lab.steps.entries()) planner.add(step, i + 1);
  return planner;
}

class Planner implements PlannedSteps {
  readonly steps: ExchangePlanStep[] = [];
  readonly expected: StepExpectation[] = [];
  readonly sysctls: SysctlExpectation[] = [];
  readonly timeouts?: TimeoutExpectation;
  readonly daemon?: DaemonExpectation;
  readonly #lab: Exchange;
  readonly #counter: ExchangeCounter | undefined;
  readonly #scene: ExchangeScene;
  readonly #tally = new Tally();
  #packets = 0;

  constructor(lab: Exchange, counter: ExchangeCounter | undefined, scene: ExchangeScene) {
    this.#lab = lab;
    this.#counter = counter;
    this.#scene = scene;
    // Counters count from before the first packet.
    const counted = lab.steps.filter(step => step.kind === 'counters').map(({node}) => node);
    for (const node of new Set(counted))
      this.steps.push({kind: 'text', node, name: nstatBefore, script: nstat});
    const {conntrack} = lab.setup ?? {};
    if (conntrack !== undefined)
      this.#expectSysctls(scene.director, {'net.ipv4.vs.conntrack': conntrack}, 0);
    for (const [node, values] of Object.entries(lab.sysctls ?? {}))
      this.#expectSysctls(node, values, 0);
    if (lab.sync !== undefined) {
      const {id, state = 'master'} = lab.sync;
      this.daemon = {text: 'step-0-daemon', state, id};
      const script = 'ipvsadm -Ln --daemon';
      this.steps.push({kind: 'text', node: scene.director, name: this.daemon.text, script});
    }
    const values = Object.entries(lab.timeouts ?? {}).filter(([, seconds]) => seconds > 0);
    if (values.length === 0) return;
    this.timeouts = {text: 'step-0-timeouts', values: Object.fromEntries(values)};
    const script = commandOf('ipvsadm -Ln --timeout');
    this.steps.push({kind: 'text', node: scene.director, name: this.timeouts.text, script});
  }

  add(step: ExchangeStep, number: number): void {
    switch (step.kind) {
      case 'packet':
        this.#send([step], number);
        break;
      case 'together':
        this.#send(step.packets, number);
        break;
      case 'repeat':
        this.#send(repeated(step), number, step);
        break;
      case 'entries':
        this.#text(
          {
            kind: 'entries',
            step: number,
            text: `step-${number}-entries`,
            protocol: this.#lab.service.protocol.toUpperCase(),
            entries: step.entries,
            proves: step.proves ?? [],
          },
          this.#scene.director,
          'ipvsadm -Lnc',
          step.within,
        );
        break;
      case 'shows': {
        const {node, what, lines = [], not = [], proves = []} = step;
        const text = `step-${number}-shows`;
        this.#text(
          {kind: 'shows', step: number, node, what, text, lines, not, proves},
          node,
          commandOf(what),
          step.within,
          askedFor(what),
        );
        break;
      }
      case 'counters': {
        const {node, rose, proves = []} = step;
        const text = `step-${number}-nstat`;
        this.#text(
          {kind: 'counters', step: number, node, before: nstatBefore, text, rose, proves},
          node,
          nstat,
          undefined,
        );
        break;
      }
      case 'sysctl': {
        const {node, values} = step;
        const changed = this.#counter?.change.sysctls?.[node] ?? {};
        const own = Object.entries(values).map(([name, value]) => [name, changed[name] ?? value]);
        this.steps.push({kind: 'script', node, script: sysctlScript(Object.fromEntries(own))});
        this.#expectSysctls(node, values, number);
        break;
      }
      case 'synced':
        this.#synced(
          planSynced(this.#lab, step, number, this.#scene.topology, this.#scene.director),
        );
        break;
      case 'edit':
        this.steps.push({
          kind: 'edit',
          node: this.#scene.director,
          ...planEdit(servedBy(this.#lab), step, this.#scene),
        });
    }
  }

  /** What the lab sets is read back: so it shows when a counter-lab set something else. */
  #expectSysctls(node: string, values: Sysctls, step: number): void {
    const text = `step-${step}-sysctls${this.sysctls.filter(one => one.step === step).length || ''}`;
    const words = Object.entries(values).map(([name, value]) => [name, String(value)]);
    this.sysctls.push({step, node, text, values: Object.fromEntries(words)});
    this.steps.push({kind: 'text', node, name: text, script: showScript(Object.keys(values))});
  }

  #send(packets: readonly PacketStep[], number: number, repeat?: RepeatStep): void {
    const [first] = packets;
    if (first === undefined) return;
    const planned = packets.map(packet =>
      planPacket(packet, this.#scene, ++this.#packets, `step ${number}`),
    );
    const notation = new Notation(this.#scene.names);
    const what = planned[0] === undefined ? '' : notation.packet(planned[0].packet);
    const times = repeat === undefined ? '' : `${repeat.times} times, first `;
    this.expected.push({
      kind: 'packets',
      step: number,
      title: `step ${number}: ${first.from} sends ${times}${what.replaceAll(/ +/g, ' ')}`,
      packets: planned.map(({sent}) => sent),
    });
    this.steps.push({
      kind: 'send',
      node: first.from,
      frames: planned.map(({sent}) => ({device: sent.device, hex: sent.frame})),
      awaited: this.#tally.count(
        planned.flatMap(({sent}) => awaitedOf(sent, this.#scene.topology, this.#scene.names)),
      ),
      seconds: this.#counter === undefined ? patience.lab : patience.counter,
    });
  }

  #synced(expected: SyncedExpectation): void {
    const {topology, director, names} = this.#scene;
    this.expected.push(expected);
    this.steps.push({
      kind: 'await',
      awaited: this.#tally.count(awaitedSync(this.#lab, expected, topology, director, names)),
      seconds: this.#counter === undefined ? syncPatience.lab : syncPatience.counter,
    });
  }

  #text(
    expected: Extract<StepExpectation, {readonly text: string}>,
    node: string,
    script: string,
    within: number | undefined,
    asked?: string,
  ): void {
    this.expected.push(expected);
    const seconds = this.#counter === undefined ? within : Math.min(within ?? 0, 8);
    this.steps.push({
      kind: 'text',
      node,
      name: expected.text,
      script,
      ...(asked === undefined ? {} : {asked}),
      ...(within === undefined || seconds === undefined ? {} : {until: {seconds, expected}}),
    });
  }
}

const nstatBefore = 'step-0-nstat';
const nstat = 'nstat -az';
