import type {Misfit} from './check.ts';
import type {Lab} from './types.ts';

/** That each claim of a lab can be judged, by a check or by a counter-lab, and that each that they name is listed. */
export function checkClaims(lab: Lab): Misfit[] {
  const checks = provenByChecks(lab);
  const counters = lab.counter.map(({claim}) => claim);
  const idle = lab.claims.filter(claim => !checks.has(claim) && !counters.includes(claim));
  const unlisted = [...new Set([...checks, ...counters])].filter(
    claim => !lab.claims.includes(claim),
  );
  return [
    ...idle.map(value => ({
      path: ['claims'],
      what: 'nothing in the lab proves this claim: no check names it and no counter-lab breaks it',
      value,
      valid: [],
      next: 'name it in the proves of a hop or fact, or take it out',
    })),
    ...unlisted.map(value => ({
      path: ['expect'],
      what: 'a check or counter-lab names a claim that the lab does not list',
      value,
      valid: lab.claims,
      next: 'add it to claims, or correct it',
    })),
  ];
}

/** Every claim that something in the lab's expectations proves. */
function provenByChecks(lab: Lab): ReadonlySet<string> {
  const {
    request,
    reply,
    data,
    errors = [],
    never = [],
    facts = [],
    entries,
    counters,
    answers,
    schedule,
    expiry,
    health,
    same,
  } = lab.expect;
  return new Set([
    ...[
      ...request,
      ...reply,
      ...(data?.request ?? []),
      ...(data?.reply ?? []),
      ...errors,
      ...never,
      ...facts,
    ].flatMap(({proves}) => proves ?? []),
    ...(data?.proves ?? []),
    ...(entries?.proves ?? []),
    ...(counters?.proves ?? []),
    ...(answers?.proves ?? []),
    ...(schedule?.proves ?? []),
    ...(expiry?.proves ?? []),
    ...(health?.proves ?? []),
    ...(same?.proves ?? []),
  ]);
}
