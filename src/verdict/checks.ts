import type {Check, Failure} from './types.ts';

/** Failures that a check keeps: one fault often shows in every packet. */
const kept = 5;

/** A check while its frames, connections or texts are looked at. */
export class CheckDraft {
  readonly id: string;
  readonly title: string;
  readonly proves: readonly string[];
  #judged = 0;
  readonly #failures: Failure[] = [];
  /** Takes the place of the title when there are failures: says which real server it was. */
  #failedTitle: string | undefined;

  constructor(id: string, title: string, proves: readonly string[] = []) {
    this.id = id;
    this.title = title;
    this.proves = proves;
  }

  /** Counts things that were looked at. */
  judge(things = 1): void {
    this.#judged += things;
  }

  fail(failure: Partial<Failure> & Pick<Failure, 'field'>, title?: string): void {
    this.#failedTitle ??= title;
    this.#failures.push({
      expected: '',
      actual: '',
      place: '',
      expectedPacket: '',
      actualPacket: '',
      ...failure,
    });
  }

  get failed(): boolean {
    return this.#failures.length > 0;
  }

  /** The finished check. One that looked at nothing fails: it could not have failed otherwise. */
  done(): Check {
    if (this.#judged === 0 && !this.failed)
      this.fail({field: 'judged', expected: 'something to judge', actual: 'nothing'});
    const omitted = this.#failures.length - kept;
    return {
      id: this.id,
      title: this.#failedTitle ?? this.title,
      verdict: this.failed ? 'FAIL' : 'PASS',
      proves: this.proves,
      judged: this.#judged,
      failures: this.#failures.slice(0, kept),
      ...(omitted > 0 ? {omitted} : {}),
    };
  }
}
