// Runs labs again and again and counts how often each outcome came: node --import=tsx test/soak/repeat.ts 20 modes
// Not a test of `npm test`: it takes long. Ends with 1 when two runs differ, or one does not pass.
import {runLabs} from '../e2e/support/cli.ts';

const [times = '20', ...args] = process.argv.slice(2);
const outcomes = new Map<string, number>();
const seconds: number[] = [];

for (let run = 1; run <= Number(times); run++) {
  const started = performance.now();
  const {report} = await runLabs(args.length > 0 ? args : ['modes']);
  seconds.push((performance.now() - started) / 1000);
  const outcome = report.labs
    .map(({name, verdict, reasons, counters}) => {
      const missed = counters.filter(({asExpected}) => !asExpected).map(({claim}) => claim);
      return `${name} ${[verdict, ...reasons, ...missed].join(' ')}`;
    })
    .join(', ');
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  process.stdout.write(`${run}: ${seconds.at(-1)?.toFixed(1)} s  ${outcome}\n`);
}

const sorted = seconds.toSorted((a, b) => a - b);
process.stdout.write(
  `${times} runs, ${outcomes.size} different outcomes; seconds: ${sorted[0]?.toFixed(1)} to ${sorted.at(-1)?.toFixed(1)}, median ${sorted[Math.floor(sorted.length / 2)]?.toFixed(1)}\n`,
);
process.exitCode =
  outcomes.size === 1 && ![...outcomes.keys()][0]?.match(/FAIL|ERROR|INCON/) ? 0 : 1;
