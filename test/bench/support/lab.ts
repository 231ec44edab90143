import type {GuestHost} from '../../../src/host/guest/host.ts';
import {defaultKernel} from '../../../src/host/image/kernel-table.ts';
import type {LabHost} from '../../../src/host/types.ts';
import {labFiles, loadLab} from '../../../src/lab/load.ts';
import {planLab, type Plan} from '../../../src/lab/plan.ts';
import {runPlan} from '../../../src/lab/run.ts';
import {openSession, type Place, type Session} from '../../../src/lab/session.ts';

/** What may be hung into a run, and measured at. */
export interface Hooks {
  /** Hears of each step as it begins. */
  readonly hear?: (step: string) => void;
  /** Gets the place before the lab uses it, and gives the one that it shall use. */
  readonly opened?: (place: Place) => Place | Promise<Place>;
  /** Waited for when the lab's work is done, before its guest is closed. */
  readonly atEnd?: (place: Place) => void | Promise<void>;
}

/** modes/dr on forks of its template. */
export interface Lab {
  readonly plan: Plan;
  /** Runs it once. Throws unless it passes. */
  run(hooks?: Hooks): Promise<void>;
}

/** Gives `work` the lab, in a session that is closed afterwards. */
export async function withLab<T>(
  say: (line: string) => void,
  work: (lab: Lab) => Promise<T>,
): Promise<T> {
  const lab = await loadLab('modes/dr', labFiles());
  if (lab.kind !== 'lab') throw new Error('modes/dr is no lab');
  const plan = planLab(lab);
  const host = {host: 'guest', kernel: defaultKernel} as const;
  const session = await openSession({...host, jobs: 1, env: process.env, progress: say});
  try {
    return await work({
      plan,
      run: async (hooks = {}) => {
        const {verdict, error} = await runPlan(plan, hooked(session, hooks), hooks.hear ?? say);
        if (verdict !== 'PASS') throw new Error(`modes/dr: ${verdict} ${error ?? ''}`);
      },
    });
  } finally {
    await session.close();
  }
}

/** The guest behind a place's lab host: a session on guests has no other. */
export function guestOf({host}: Place): GuestHost {
  if (isGuest(host)) return host;
  throw new Error('the lab host is no guest');
}

const isGuest = (host: LabHost): host is GuestHost => host.kind === 'guest' && 'machine' in host;

const hooked = (session: Session, {opened, atEnd}: Hooks): Session => ({
  ...session,
  open: async (...details) => {
    const first = await session.open(...details);
    const place = (await opened?.(first)) ?? first;
    return {
      ...place,
      close: async () => {
        try {
          await atEnd?.(place);
        } finally {
          await place.close();
        }
      },
    };
  },
});
