import {InputError} from '../../problem.ts';
import type {KernelFacts} from './kernel.ts';
import type {ServerId, ServerSettings, ServerState} from './types.ts';

/** A real server with its counts and the rules of its thresholds (struct ip_vs_dest). */
export class Server implements ServerState {
  readonly address: string;
  readonly port: number;
  weight = 0;
  lastWeight = 0;
  active = 0;
  inactive = 0;
  overloaded = false;
  present = false;
  #upper = 0;
  #lower = 0;

  constructor({address, port}: ServerId) {
    this.address = address;
    this.port = port;
  }

  /**
   * Weight and thresholds as given (ip_vs_ctl.c, __ip_vs_update_dest). Throws InputError for values that the kernel
   * refuses.
   */
  set(settings: ServerSettings, how: 'added' | 'edited', {overloadOnEdit}: KernelFacts): void {
    const {weight, upperThreshold: upper = 0, lowerThreshold: lower = 0} = settings;
    if (weight < 0 || lower > upper)
      throw new InputError({
        what: 'the kernel refuses such a real server',
        value: `weight ${weight}, upper threshold ${upper}, lower threshold ${lower}`,
        next: 'give a weight of 0 or more, and a lower threshold not above the upper one',
      });
    if (how === 'added' || weight !== 0) this.lastWeight = weight;
    this.weight = weight;
    this.present = true;
    if (overloadOnEdit === 'raised') {
      if (upper === 0 || upper > this.#upper) this.overloaded = false;
    } else if (upper !== this.#upper || lower !== this.#lower) {
      this.overloaded =
        upper !== 0 &&
        (this.#total >= upper || (this.overloaded && !leaves(this.#total, upper, lower)));
    }
    this.#upper = upper;
    this.#lower = lower;
  }

  /** A connection more; at the upper threshold the server is overloaded (ip_vs_conn.c, ip_vs_bind_dest). */
  bind(active: boolean): void {
    this.#count(active, 1);
    if (this.#upper !== 0 && this.#total >= this.#upper) this.overloaded = true;
  }

  /** A connection less; the overload may end (ip_vs_conn.c, ip_vs_unbind_dest). */
  unbind(active: boolean): void {
    this.#count(active, -1);
    if (leaves(this.#total, this.#upper, this.#lower)) this.overloaded = false;
  }

  /** A connection becomes active or inactive. */
  activate(active: boolean): void {
    this.#count(active, 1);
    this.#count(!active, -1);
  }

  get #total(): number {
    return this.active + this.inactive;
  }

  #count(active: boolean, change: 1 | -1): void {
    if (active) this.active += change;
    else this.inactive += change;
  }
}

/** Whether so many connections end an overload: below the lower threshold, or below 3/4 of the upper one. */
const leaves = (total: number, upper: number, lower: number): boolean =>
  lower !== 0 ? total < lower : upper === 0 || total * 4 < upper * 3;
