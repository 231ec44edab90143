import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import {z} from 'zod';

/** The command as users call it. */
export const bin = fileURLToPath(new URL('../../../src/cli/bin.mjs', import.meta.url));

/** What a call of lvslab gave. */
export interface Call {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Calls lvslab and waits for its end; a failing exit code is data. */
export async function lvslab(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Call> {
  const {exitCode, stdout, stderr} = await execa(process.execPath, [bin, ...args], {
    reject: false,
    env,
    stdin: 'ignore',
  });
  return {exitCode, stdout, stderr};
}

const claims = z.array(z.strictObject({id: z.string(), verdict: z.string()}));

/** The JSON of `lvslab run`, exactly. */
export const runReport = z.strictObject({
  lvslab: z.string(),
  kernel: z.string(),
  host: z.strictObject({kind: z.enum(['guest', 'engine']), accelerator: z.string()}),
  labs: z.array(
    z.strictObject({
      name: z.string(),
      verdict: z.string(),
      claims,
      counters: z.array(
        z.strictObject({
          claim: z.string(),
          verdict: z.string(),
          asExpected: z.boolean(),
          reason: z.string(),
        }),
      ),
      seconds: z.number(),
      captures: z.strictObject({frames: z.number(), dropped: z.number()}),
      outages: z.array(
        z.strictObject({
          router: z.number(),
          from: z.string(),
          to: z.string(),
          takeoverMs: z.number(),
          gapMs: z.number().optional(),
          lost: z.number(),
        }),
      ),
      run: z.string().nullable(),
      reasons: z.array(z.string()),
      error: z.string().nullable(),
    }),
  ),
});

/** Runs labs and reads the report. */
export async function runLabs(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Call & {readonly report: z.infer<typeof runReport>}> {
  const call = await lvslab(['run', ...args, '--format', 'json'], env);
  if (!call.stdout.startsWith('{'))
    throw new Error(`lvslab run gave no report (exit code ${call.exitCode}):\n${call.stderr}`);
  return {...call, report: runReport.parse(JSON.parse(call.stdout))};
}
