// import-client.ts TAR NAME:TAG: imports a root tree into the engine at run/docker.sock under the working folder.
import {createReadStream, existsSync} from 'node:fs';
import {request} from 'node:http';
import {setTimeout as delay} from 'node:timers/promises';

const [tar = '', image = ''] = process.argv.slice(2);
const socketPath = 'run/docker.sock';
const deadline = Date.now() + 60_000;

// The engine makes its socket just before it listens.
while (!existsSync(socketPath)) {
  if (Date.now() > deadline) throw new Error('the engine did not start within 60 s');
  await delay(50);
}

const [repo = '', tag = ''] = image.split(':');
const query = new URLSearchParams({fromSrc: '-', repo, tag, changes: 'CMD ["sleep", "infinity"]'});
const answer = await new Promise<string>((resolve, reject) => {
  const post = request(
    {socketPath, method: 'POST', path: `/images/create?${query.toString()}`},
    response => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('error', reject);
      response.on('end', () => {
        resolve(`${response.statusCode} ${text}`);
      });
    },
  );
  post.on('error', reject);
  createReadStream(tar).on('error', reject).pipe(post);
});
// An import that fails half-way still answers 200: the error is in the stream of messages.
if (!answer.startsWith('200 ') || /"error"/.test(answer)) throw new Error(answer);
