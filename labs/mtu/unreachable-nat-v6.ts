import {lab} from '../../src/lab/define.ts';
import unreachable from './unreachable-nat.ts';

const {errors = []} = unreachable.spec.expect;

export default lab({
  ...unreachable.spec,
  title: `IPv6: ${unreachable.spec.title}`,
  family: 'v6',
  expect: {
    ...unreachable.spec.expect,
    errors: errors.map(error => ({...error, type: 1, code: 4})),
  },
});
