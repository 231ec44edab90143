import {setTimeout as pause} from 'node:timers/promises';

/** Asks until there is an answer; undefined when the deadline (milliseconds from now) passes first. */
export async function poll<T>(
  ask: () => Promise<T | undefined> | T | undefined,
  {deadline, every = 20}: {deadline: number; every?: number},
): Promise<T | undefined> {
  const end = performance.now() + deadline;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() >= end) return undefined;
    await pause(every);
  }
}
