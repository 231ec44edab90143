/** A field that is not as expected. */
export interface Mismatch {
  readonly field: string;
  readonly expected: string;
  readonly actual: string;
}

/** The mismatch of two values, if they differ, as `print` writes them. */
export const differ = (
  field: string,
  expected: string,
  actual: string,
  print: (value: string) => string = value => value,
): Mismatch[] =>
  expected === actual ? [] : [{field, expected: print(expected), actual: print(actual)}];
