// Prepares a guest in a way that fails, says why, and has nothing more to do: it must end by itself.
import {openGuest} from '../../../src/host/guest/guest.ts';
import {obtainImage} from '../../../src/host/image/image.ts';

try {
  await openGuest({
    image: await obtainImage(),
    key: `fails-${process.pid}`,
    prepare: () => Promise.reject(new Error('on purpose')),
  });
} catch (error) {
  process.stdout.write(String(error));
}
