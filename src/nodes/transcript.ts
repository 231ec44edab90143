/** Collects one output of a shell until the end marker of the script that runs in it. */
export class Transcript {
  readonly #chunks: Buffer[] = [];
  readonly #begin: Buffer;
  readonly #end: Buffer;
  #tail = Buffer.alloc(0);

  /** `nonce` must not occur in what the script writes: take enough random bits. */
  constructor(nonce: string) {
    this.#begin = Buffer.from(beginMarker(nonce));
    this.#end = Buffer.from(`\n${nonce}>`);
  }

  /** Takes the next bytes; once the end marker is whole: the script's exit code and exactly the bytes it wrote. */
  push(chunk: Buffer): {readonly exitCode: number; readonly bytes: Buffer} | undefined {
    this.#chunks.push(chunk);
    const markerLength = this.#end.length + exitCodeLength;
    // Only the end of what came before can hold a part of the marker, so a long output is not searched twice.
    const window = Buffer.concat([this.#tail, chunk]);
    const at = window.indexOf(this.#end);
    this.#tail = window.subarray(Math.max(0, window.length - markerLength + 1));
    if (at === -1 || at + markerLength > window.length) return undefined;
    const all = Buffer.concat(this.#chunks);
    const end = all.indexOf(this.#end);
    const from = all.indexOf(this.#begin);
    const code = all.toString('latin1', end + this.#end.length, end + markerLength);
    return {exitCode: Number(code), bytes: all.subarray(from + this.#begin.length, end)};
  }
}

/** Three digits and a newline. */
const exitCodeLength = 4;

const beginMarker = (nonce: string): string => `${nonce}<\n`;

/**
 * Defines `r NONCE SCRIPT` in a POSIX shell: runs the script in a subshell with stdin from /dev/null, between a begin
 * and an end marker on both outputs. The begin marker keeps what an earlier background command wrote since out of
 * the result. One fork a script: each costs some 15 ms in an emulated guest.
 */
export const transcriptFunction = [
  'r() {',
  `  printf '%s<\\n' "$1"; printf '%s<\\n' "$1" >&2`,
  '  ( script=$2; set --; eval "$script" ) </dev/null',
  '  set -- "$1" "$?"',
  `  printf '\\n%s>%03d\\n' "$1" "$2"; printf '\\n%s>%03d\\n' "$1" "$2" >&2`,
  '}',
  '',
].join('\n');
