import {setTimeout} from 'node:timers/promises';

/** Waits until the condition holds; fails after the milliseconds. */
export async function until(condition: () => boolean, deadline = 20_000): Promise<void> {
  const end = performance.now() + deadline;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`not so after ${deadline} ms: ${condition}`);
    await setTimeout(20);
  }
}
