import {attach} from '../../../src/nodes/deploy.ts';
import type {NodeShell} from '../../../src/nodes/types.ts';
import type {Place} from '../../../src/lab/session.ts';
import {median, timed} from '../measurement.ts';
import {endAccounting, startAccounting, type Share} from './accounting.ts';
import {guestOf, type Lab} from './lab.ts';

/** A step of a lab's run, or a part of one. */
export interface Step {
  readonly step: string;
  readonly seconds: number;
  /** Whether the plain shell way does it. */
  readonly plain: string;
}

/** What the plain way does of each step; of a step with another name nothing is said. */
const inPlainWay: Readonly<Record<string, string>> = {
  restoring: 'no: it is handed a guest',
  'a shell in each node': 'no: it has no containers',
  'setting up the director and the real servers': 'yes, and it makes the namespaces here',
  'starting captures': 'no',
  'sending requests': 'one transfer',
  'waiting for the last packet': 'no',
  collecting: 'no',
  'ending the captures': 'no',
  'what the node says': 'no',
  'the kernel log': 'no',
  "the engine's version": 'no',
  closing: 'no',
  judging: 'cmp of 32 bytes',
};

/** The median seconds of each step of the lab's run, and the processor time in the guest of one run more. */
export async function profile(
  lab: Lab,
  rounds: number,
): Promise<{readonly steps: readonly Step[]; readonly shares: readonly Share[]}> {
  const seen = new Map<string, number[]>();
  for (let round = 0; round < rounds; round++)
    for (const [step, seconds] of await oneRound(lab))
      seen.set(step, [...(seen.get(step) ?? []), seconds]);
  let shares: readonly Share[] = [];
  await lab.run({
    opened: async place => {
      await startAccounting(guestOf(place));
      return place;
    },
    atEnd: async place => {
      shares = await endAccounting(guestOf(place));
    },
  });
  const steps = [...seen].map(([step, taken]) => {
    const plain = inPlainWay[step.trim()] ?? '';
    return {step: step.replace(/^ +/, '&nbsp;&nbsp; '), seconds: median(taken), plain};
  });
  return {steps, shares};
}

/** The steps in their order; parts of a step, indented, come behind it. */
async function oneRound(lab: Lab): Promise<ReadonlyMap<string, number>> {
  const steps = new Map<string, number>();
  const parts = new Map<string, Map<string, number>>();
  let [step, since] = ['restoring', performance.now()];
  const next = (name: string): void => {
    const now = performance.now();
    steps.set(step, (now - since) / 1000);
    [step, since] = [name, now];
  };
  const part = (name: string, seconds: number): void => {
    const known = parts.get(step) ?? new Map<string, number>();
    parts.set(step, known.set(name, Math.max(known.get(name) ?? 0, seconds)));
  };
  await lab.run({
    hear: next,
    opened: async place => {
      const {host} = place;
      const restored = (performance.now() - since) / 1000;
      // These once more, alone: inside the run they cannot be told apart.
      const [attached, again] = await timed(() => attach(host.engine, lab.plan.topology));
      await again.close();
      part('a shell in each node', attached);
      const asked = [
        await timed(() => host.kernelTrouble()),
        await timed(() => host.engine.version()),
      ].map(([seconds]) => seconds);
      parts.set(
        'collecting',
        new Map([
          ['the kernel log', asked[0] ?? NaN],
          ["the engine's version", asked[1] ?? NaN],
        ]),
      );
      // As if no time had passed here.
      since = performance.now() - restored * 1000;
      return timedPlace(place, label => {
        const name = nameOf(label);
        return seconds => name !== undefined && part(name, seconds);
      });
    },
    atEnd: () => next('closing'),
  });
  next('');
  return new Map(
    [...steps].flatMap(([name, seconds]) => [
      [name, seconds] as const,
      ...[...(parts.get(name) ?? [])].map(([inner, one]) => [`  ${inner}`, one] as const),
    ]),
  );
}

/** The scripts that share a step, by their labels in the run folder's list of commands. */
function nameOf(label: string | undefined): string | undefined {
  if (label?.startsWith('end the captures')) return 'ending the captures';
  return label?.startsWith('collect what') ? 'what the node says' : undefined;
}

/** The place with shells that tell how long each script took, from when the one before it had ended. */
function timedPlace(
  place: Place,
  tell: (label: string | undefined) => (seconds: number) => void,
): Place {
  const timedShell = (shell: NodeShell): NodeShell => {
    let free = 0;
    return {
      ...shell,
      run: async (script, options) => {
        const asked = performance.now();
        const noted = tell(options?.label);
        const result = await shell.run(script, options);
        const now = performance.now();
        noted((now - Math.max(asked, free)) / 1000);
        free = now;
        return result;
      },
    };
  };
  const shells = new Map(
    [...place.deployment.shells].map(([node, shell]) => [node, timedShell(shell)]),
  );
  return {...place, deployment: {...place.deployment, shells}};
}
