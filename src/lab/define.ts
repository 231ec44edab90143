import type {ComparisonSpec, LabSpec} from './types.ts';

/** A lab file's default export: `export default lab({...})`. */
export interface LabDefinition {
  readonly kind: 'lab';
  readonly spec: LabSpec;
}

/** The default export of a file that compares what other labs measured. */
export interface ComparisonDefinition {
  readonly kind: 'comparison';
  readonly spec: ComparisonSpec;
}

/** States a lab: who stands where, what the director does, what traffic flows, and each packet's exact path. */
export const lab = (spec: LabSpec): LabDefinition => ({kind: 'lab', spec});

/** States a comparison of labs: it runs nothing of its own. */
export const comparison = (spec: ComparisonSpec): ComparisonDefinition => ({
  kind: 'comparison',
  spec,
});

/** HTTP requests from one client, one connection each, one after the other. */
export const http = (traffic: {
  readonly from: string;
  readonly to: string;
  readonly requests: number;
  readonly bytes?: number;
  readonly timeout?: number;
}): LabSpec['traffic'] => ({kind: 'http', bytes: 4096, timeout: 3, ...traffic});
