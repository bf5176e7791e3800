// examples/tool-express: two processes, one Redis, and a proxy that gives each in turn a request.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { after, before, test } from 'node:test';
import { startRedis } from '../js/tool/redis.mjs';
import { freePort } from '../package/processes.mjs';
import { CLIENT_ID, makeBrowser, seedsOf, startCanvas } from './canvas.mjs';
import { ASSIGNMENT, readsThePage } from './reading.mjs';
import { makeRecipe } from './recipe.mjs';

let recipe, redis, canvas, proxy;
const processes = [];
before(async () => {
  recipe = await makeRecipe('tool-express');
  await recipe.settle();
  redis = await startRedis();
  proxy = await startRoundRobin(processes);
  canvas = await startCanvas(seedsOf(recipe.folder, proxy.url));
  processes.push(...await Promise.all([1, 2].map(start)));
});
after(async () => {
  await Promise.all(processes.map(({ end }) => end()));
  await Promise.all([canvas, redis, proxy].map((each) => each?.close()));
  recipe?.remove();
});

async function start() {
  const port = await freePort();
  const { end } = await recipe.start('start', /(listens)/, {
    PORT: String(port), TOOL_URL: proxy.url, CANVAS_URL: canvas.url, REDIS_URL: `redis://127.0.0.1:${redis.port}`,
  });
  return { port, end, asked: [] };
}

/** Serves what one of the backends answers, each in its turn. */
async function startRoundRobin(backends) {
  let turn = 0;
  const server = createServer((incoming, outgoing) => {
    const { port, asked } = backends[turn++ % backends.length];
    asked.push(incoming.url.split('?')[0]);
    const { method, url, headers } = incoming;
    incoming.pipe(request({ port, host: '127.0.0.1', method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.rawHeaders);
      answer.pipe(outgoing);
    }).on('error', () => outgoing.destroy()));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://localhost:${server.address().port}`,
    close: () => new Promise((closed) => {
      server.close(closed);
      server.closeAllConnections();
    }),
  };
}

test('login, launch and score are answered by whichever process, in turn', async (t) => {
  await readsThePage(t, canvas);
  for (const { asked } of processes) assert.ok(asked.length > 0);
  const all = processes.flatMap(({ asked }) => asked).filter((path) => path !== '/lti/jwks').sort();
  assert.deepEqual(all, ['/lti/launch', '/lti/login', '/read']);
});

test('a launch that was taken by one process is refused by the other', async () => {
  const browser = makeBrowser();
  const login = await canvas.emulator.launch({ developerKeyId: CLIENT_ID, assignmentId: ASSIGNMENT, userId: 3 });
  const page = await (await browser.send(login.url, login.form)).text();
  const { url } = JSON.parse(/id="lti">(.*)<\/script>/.exec(page)[1]);
  const { url: at, form } = await canvas.emulator.authorize(url);
  const Cookie = browser.cookie();
  assert.match(await (await browser.send(at, form)).text(), /Welcome, Sue Student/);
  for (const which of processes) {
    assert.match(await (await browser.send(at.replace(proxy.url, `http://localhost:${which.port}`), form, { Cookie })).text(), /ERR_LTI_NONCE_USED/);
  }
});

test('one process goes on alone', async (t) => {
  const [gone] = processes.splice(0, 1);
  await gone.end();
  await readsThePage(t, canvas);
});
