import {commandFailed} from '../../nodes/failed.ts';
import type {NodeShell} from '../../nodes/types.ts';
import type {EventRecord} from '../../run-folder/types.ts';
import {awaitFrames, sendFrames} from '../../traffic/frames.ts';
import {hasEntries} from '../../verdict/exchange/entries.ts';
import {isShown} from '../../verdict/exchange/texts.ts';
import {namesOf} from '../../verdict/names.ts';
import type {StepExpectation} from '../../verdict/exchange/types.ts';
import {editService, type Happened} from '../perform.ts';
import type {ExchangePlan} from './plan.ts';
import type {ExchangePlanStep} from './planned.ts';

/**
 * Does the steps of an exchange one after the other, each when all that the one before sent has come through. What does not
 * come is data: the captures show it. Throws BrokenLabError when a step cannot be done.
 */
export async function performExchange(
  plan: Pick<ExchangePlan, 'steps' | 'expectation' | 'topology'>,
  shellOf: (node: string) => NodeShell,
): Promise<Happened> {
  const events: EventRecord[] = [];
  const texts: Happened['texts'][number][] = [];
  const isThere = (expected: StepExpectation, text: string): boolean =>
    expected.kind === 'entries'
      ? hasEntries(
          text,
          expected.entries,
          expected.protocol,
          namesOf(plan.topology, plan.expectation),
        )
      : expected.kind === 'shows' && isShown(text, expected);
  let missed = false;
  // Where one thing did not come the next ones are likely not to, and need not be waited for as long.
  const patience = (seconds: number): number => (missed ? seconds / 5 : seconds);
  const come = async (step: Pick<Of<'await'>, 'awaited' | 'seconds'>): Promise<void> => {
    const {seconds} = step;
    if (!(await waitFor({...step, seconds: patience(seconds)}, shellOf))) missed = true;
  };
  for (const step of plan.steps)
    switch (step.kind) {
      case 'send':
        await sendFrames(shellOf(step.node), step.frames);
        await come(step);
        break;
      case 'await':
        await come(step);
        break;
      case 'text': {
        const {text, inTime} = await read(
          shellOf(step.asked ?? step.node),
          step,
          patience,
          isThere,
        );
        if (!inTime) missed = true;
        texts.push({node: step.node, texts: {[step.name]: text}});
        break;
      }
      case 'script':
        await done(shellOf(step.node), step.script);
        break;
      case 'edit':
        events.push(...(await editService(shellOf(step.node), step)));
    }
  return {requests: [], events, serving: [], expiries: [], cleared: [], texts};
}

type Of<K extends ExchangePlanStep['kind']> = Extract<ExchangePlanStep, {readonly kind: K}>;

/** Whether all came in time. */
async function waitFor(
  {awaited, seconds}: Pick<Of<'await'>, 'awaited' | 'seconds'>,
  shellOf: (node: string) => NodeShell,
): Promise<boolean> {
  const nodes = [...new Set(awaited.map(one => one.node))];
  const late = await Promise.all(
    nodes.map(async name =>
      awaitFrames(
        shellOf(name),
        awaited.filter(one => one.node === name),
        seconds,
      ),
    ),
  );
  return late.every(({length}) => length === 0);
}

/** What the script prints; asked again until it is as expected or its time is over. */
async function read(
  shell: NodeShell,
  {script, until}: Of<'text'>,
  patience: (seconds: number) => number,
  isThere: (expected: StepExpectation, text: string) => boolean,
): Promise<{readonly text: string; readonly inTime: boolean}> {
  const end = performance.now() + patience(until?.seconds ?? 0) * 1000;
  for (;;) {
    const {stdout} = await shell.run(script);
    const text = stdout.toString('utf8');
    const inTime = until === undefined || isThere(until.expected, text);
    if (inTime || performance.now() >= end) return {text, inTime};
    await shell.run('sleep 0.1', {label: 'wait'});
  }
}

async function done(shell: NodeShell, script: string): Promise<void> {
  const {exitCode, stderr} = await shell.run(script);
  if (exitCode === 0) return;
  throw commandFailed(
    shell.node,
    `a step of the exchange could not be done on node "${shell.node}"`,
    {exitCode, stderr},
    'correct the lab',
  );
}
