import {z} from 'zod';

/** What client.pl says of one message. */
export type MessageResult = z.infer<typeof written>;

const written = z.strictObject({
  connection: z.int().min(1),
  message: z.int().min(1),
  token: z.string(),
  exitCode: z.int().min(0),
  status: z.int().min(0),
  localAddress: z.string(),
  localPort: z.int().min(0).max(65_535),
  head: z.string(),
});

/** The results in the order of the messages; undefined when the program ended early or wrote something else. */
export function parseMessages(output: string): readonly MessageResult[] | undefined {
  const lines = output.split('\n');
  if (lines.pop() !== '' || lines.pop() !== 'end') return undefined;
  const results = lines.flatMap(line => parseLine(line) ?? []);
  return results.length === lines.length ? results : undefined;
}

function parseLine(line: string): MessageResult | undefined {
  try {
    return written.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
