import type {Measurement, Outcome} from './measurement.ts';

/** Under what conditions a part was measured. */
export interface Conditions {
  /** ISO 8601, with the time left out. */
  readonly day: string;
  /** Of the code; with `+` when the tree had changes. */
  readonly commit: string;
  readonly machine: string;
  /** The load average of the last minute when the benchmark began: work that is not its own. */
  readonly load: number;
}

/** A part's section of the page. */
export function sectionOf(
  {title}: Pick<Measurement, 'title'>,
  {rows, notes}: Outcome,
  {day, commit, machine, load}: Conditions,
): string {
  const cells = rows.map(({what, ours, against, ratio, target, met}) => [
    what,
    ours,
    against,
    ratio,
    met === undefined ? target : `${target}: ${met ? 'met' : '**missed**'}`,
  ]);
  const lines = [
    ['measured', 'lvslab', 'compared with', 'ratio', 'target'],
    ['---', '---', '---', '---', '---'],
    ...cells,
  ].map(line => `| ${line.join(' | ')} |`);
  const when = `Measured ${day} at ${commit}: ${machine}; load average ${load.toFixed(1)} when the run began${load > 1 ? ', so other work was in the way' : ''}.`;
  return [`## ${title}`, lines.join('\n'), ...notes, when].join('\n\n');
}

/**
 * The page with the given sections in place of those parts' old ones, in the order of the parts. Other parts keep what they
 * have; one that has nothing says so. What is no part's is dropped.
 */
export function pageWith(
  old: string,
  parts: readonly Pick<Measurement, 'name' | 'title'>[],
  sections: ReadonlyMap<string, string>,
): string {
  const present = old.split(/^(?=## )/m);
  const names = parts.map(({name}) => `\`${name}\``).join(', ');
  const head = `# Benchmarks

\`npm run bench\` measures and writes this page; \`npm run bench -- restore mode\` only some parts (${names}).
Each part is written when it is done, and the others keep their figures: each says when it was measured, and where.
A ratio is lvslab's figure to the other: below 1 lvslab is quicker.`;
  const all = parts.map(({name, title}) => {
    const kept = present.find(text => text.startsWith(`## ${title}\n`))?.trimEnd();
    return (
      sections.get(name) ?? kept ?? `## ${title}\n\nNot measured yet: \`npm run bench -- ${name}\`.`
    );
  });
  return `${[head, ...all].join('\n\n')}\n`;
}
