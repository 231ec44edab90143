import type {ServerEdit, VirtualService} from '../../ipvs/types.ts';
import type {Family, Topology} from '../../topology/types.ts';
import type {OutFrame} from '../../traffic/frames.ts';
import type {Names} from '../../verdict/names.ts';
import type {
  DaemonExpectation,
  StepExpectation,
  SysctlExpectation,
  TimeoutExpectation,
} from '../../verdict/exchange/types.ts';
import type {AwaitedAt} from './awaited.ts';

/** A step with every name resolved: what the live half does. */
export type ExchangePlanStep =
  | {
      readonly kind: 'send';
      readonly node: string;
      readonly frames: readonly OutFrame[];
      readonly awaited: readonly AwaitedAt[];
      readonly seconds: number;
    }
  | {
      readonly kind: 'await';
      readonly awaited: readonly AwaitedAt[];
      readonly seconds: number;
    }
  | {
      readonly kind: 'text';
      readonly node: string;
      /** Who is asked, where it is not the node itself. */
      readonly asked?: string;
      readonly name: string;
      readonly script: string;
      /** Asked again until this says so, for so many seconds. */
      readonly until?: {readonly seconds: number; readonly expected: StepExpectation};
    }
  | {readonly kind: 'script'; readonly node: string; readonly script: string}
  | {
      readonly kind: 'edit';
      readonly node: string;
      readonly edits: readonly ServerEdit[];
      readonly lines: readonly string[];
    };

/** Where the steps happen. */
export interface ExchangeScene {
  readonly topology: Topology;
  readonly family: Family;
  readonly director: string;
  readonly service: VirtualService;
  readonly names: Names;
}

/** What the live half does, and what is expected of it. */
export interface PlannedSteps {
  readonly steps: readonly ExchangePlanStep[];
  readonly expected: readonly StepExpectation[];
  readonly sysctls: readonly SysctlExpectation[];
  readonly timeouts?: TimeoutExpectation;
  readonly daemon?: DaemonExpectation;
}
