// Where npm start serves, and what it says of ports that are taken.
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { serveAll } from '../../../scripts/serve.mjs';

/** A port that is free, as is the next one; `take` takes some of them, `end` gives them back. */
async function ports() {
  const taken = [];
  const take = (port) => new Promise((done, failed) => {
    const server = createServer().once('error', failed).listen(port, '127.0.0.1', () => done(server));
  });
  for (let port = 20000 + Math.floor(Math.random() * 10000); ; port += 2) {
    try {
      for (const server of [await take(port), await take(port + 1)]) await new Promise((done) => server.close(done));
      const end = () => Promise.all(taken.map((server) => new Promise((done) => server.close(done))));
      return { port, take: async (which) => taken.push(await take(which)), end };
    } catch {
      // Another one, then.
    }
  }
}

test('ports that are free are taken without a word', async () => {
  const { port } = await ports();
  const { demo, emulator, lines } = await serveAll(port);
  await Promise.all([demo.close(), emulator.close()]);
  assert.deepEqual(lines, [`The demo is at       http://localhost:${port}/`, `The Canvas emulator  http://localhost:${port + 1}/`]);
});

test('of one that is taken it is said, and which is taken instead', async () => {
  const { port, take, end } = await ports();
  await take(port);
  const { demo, emulator, lines } = await serveAll(port);
  await Promise.all([demo.close(), emulator.close(), end()]);
  assert.notEqual(demo.port, port);
  assert.equal(lines[0], `Port ${port} is not free: the demo took ${demo.port}.`);
  assert.equal(lines[1], `The demo is at       http://localhost:${demo.port}/`);
  assert.equal(lines.length, 3);
});
