import {InputError, nearest} from '../../problem.ts';
import {dh} from './dh.ts';
import {fo} from './fo.ts';
import {lblc} from './lblc.ts';
import {lblcr} from './lblcr.ts';
import {lc} from './lc.ts';
import {mh} from './mh.ts';
import {nq} from './nq.ts';
import {ovf} from './ovf.ts';
import {rr} from './rr.ts';
import {sed} from './sed.ts';
import {sh} from './sh.ts';
import type {SchedulerFlags, SchedulerModel, Setting} from './types.ts';
import {wlc} from './wlc.ts';
import {wrr} from './wrr.ts';

const makers: ReadonlyMap<string, (setting: Setting) => SchedulerModel> = new Map(
  Object.entries({rr, wrr, lc, wlc, fo, ovf, lblc, lblcr, dh, sh, mh, sed, nq}),
);

/** The schedulers that have a model: all of the kernel's but twos, which is random (see `twosChances`). */
export const modelledSchedulers: readonly string[] = [...makers.keys()];

/** The model of a scheduler in a service, which may already have servers. Throws InputError when there is none. */
export function modelOf(scheduler: string, setting: Setting): SchedulerModel {
  const make = makers.get(scheduler);
  if (make !== undefined) return make(setting);
  const meant = nearest(scheduler, modelledSchedulers);
  throw new InputError({
    what: 'no model of this scheduler',
    value: scheduler,
    valid: modelledSchedulers,
    next:
      scheduler === 'twos'
        ? 'twos chooses at random: judge its shares with twosChances'
        : `name one that has a model${meant === undefined ? '' : `: ${meant}`}`,
  });
}

const fallbackNames = new Set(['sh-fallback', 'mh-fallback', 'flag-1']);
const portNames = new Set(['sh-port', 'mh-port', 'flag-2']);

/** What flags of `ipvsadm -b` mean to sh and mh (include/uapi/linux/ip_vs.h, IP_VS_SVC_F_SCHED1 and 2). */
export const flagsOf = (names: readonly string[]): SchedulerFlags => ({
  fallback: names.some(name => fallbackNames.has(name)),
  port: names.some(name => portNames.has(name)),
});
