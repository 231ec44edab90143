import {lab} from '../../src/lab/define.ts';
import nat from './nat.ts';

const proves = ['M-ICMP6-nat'];
const {errors = [], ...expect} = nat.spec.expect;

export default lab({
  ...nat.spec,
  title: `IPv6: ${nat.spec.title}`,
  claims: proves,
  family: 'v6',
  expect: {
    ...expect,
    errors: errors.map(error => ({...error, type: 2, code: 0, proves})),
    answers: {proves},
  },
  counter: nat.spec.counter.map(counter => ({...counter, claim: 'M-ICMP6-nat'})),
});
