// The emulator as a server of Node: serve(), what node:http's own requests say, and /__state.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { createEmulator, serve } from 'canvas-lms-tokens/emulator';

async function served(options, emulator = createEmulator()) {
  const server = await serve(emulator, options);
  return { emulator, ...server };
}

test('requests reach the emulator as they were sent, and its answers come back', async () => {
  const { emulator, url, port, close } = await served();
  const answer = await fetch(`${url}/login/oauth2/token?a=%2F`, { method: 'POST', body: new URLSearchParams({ grant_type: 'é' }) });
  assert.equal(answer.status, 400);
  assert.equal((await answer.json()).error, 'unsupported_grant_type');
  const [{ method, url: seen, body, headers }] = emulator.requests;
  assert.deepEqual([method, seen, body], ['POST', `${url}/login/oauth2/token?a=%2F`, 'grant_type=%C3%A9']);
  assert.equal(headers.host, `localhost:${port}`);
  assert.equal((await fetch(`${url}/__state`)).status, 404, 'unless it is asked for');
  await close();
  await assert.rejects(fetch(url));
});

test('a dropped connection, a taken port, other origins', async () => {
  const { url, port, close } = await served({ cors: true }, createEmulator({ faults: { dropBefore: 1 } }));
  await assert.rejects(fetch(url));
  const preflight = await fetch(url, { method: 'OPTIONS', headers: { 'access-control-request-method': 'POST' } });
  assert.deepEqual([preflight.status, preflight.headers.get('access-control-allow-origin')], [204, '*']);
  const other = await served({ port });
  assert.notEqual(other.port, port);
  await Promise.all([close(), other.close()]);
});

test('what is no emulator, and a request of node:http, are said to be', async () => {
  await assert.rejects(serve(undefined), /createEmulator/);
  const { fetch: handler } = createEmulator();
  const said = new Promise((done) => {
    const server = createServer((request, response) => handler(request).catch((error) => {
      response.end();
      server.close();
      done(error.message);
    })).listen(0, '127.0.0.1', () => fetch(`http://127.0.0.1:${server.address().port}`));
  });
  assert.match(await said, /use serve\(emulator\)/);
});

test('/__state tells and changes what it knows, all or nothing', async () => {
  const { emulator, url, close } = await served({ state: true });
  const state = `${url}/__state`;
  const ask = async (method, path = '', body = undefined) => {
    const response = await fetch(state + path, { method, body: body && JSON.stringify(body) });
    return { status: response.status, text: await response.text() };
  };
  await fetch(`${url}/nothing`);
  const known = JSON.parse((await ask('GET')).text);
  assert.equal(known.records.users['2'].name, 'Tom Teacher');
  assert.equal(known.requests[0].reason, 'no route matches');
  assert.match((await ask('GET')).text, /"id":90000000000000001[,}]/, 'ids are exact');

  const changes = { faults: { latency: 1 }, records: { users: { 9: { id: 9, name: 'Nina New' }, 2: null } } };
  assert.equal((await ask('PATCH', '', changes)).status, 200);
  assert.deepEqual([emulator.faults.latency, emulator.records.users.get('9').name, emulator.records.users.has('2')], [1, 'Nina New', false]);
  const refused = await ask('PATCH', '', { faults: { latncy: 1 }, records: { users: { 9: null } } });
  assert.deepEqual([refused.status, refused.text], [400, '{"error":"latncy: unknown"}\n']);
  assert.ok(emulator.records.users.has('9'));
  assert.equal((await ask('PATCH', '', { records: { nothing: {} } })).status, 400);
  assert.equal((await ask('PATCH', '', { faults: { throttle: 2 } })).status, 400);

  assert.equal((await ask('DELETE')).status, 204);
  assert.deepEqual([emulator.requests.length, emulator.refusals.length], [0, 0]);
  assert.equal((await ask('PUT')).status, 404);
  assert.equal((await ask('POST', '/launch', { developerKeyId: 404 })).status, 400);
  await close();
});

test('a launch is begun over /__state', async () => {
  const developerKeys = [{
    id: 10000000000042, oidcInitiationUrl: 'https://tool.test/login', targetLinkUri: 'https://tool.test/', redirectUris: ['https://tool.test/'],
  }];
  const { url, close } = await served({ state: true }, createEmulator({ developerKeys }));
  const response = await fetch(`${url}/__state/launch`, { method: 'POST', body: '{"developerKeyId":10000000000042,"courseId":1}' });
  const launch = await response.json();
  assert.equal(launch.url, 'https://tool.test/login', JSON.stringify(launch));
  assert.equal(launch.form.client_id, '10000000000042');
  const hint = JSON.parse(Buffer.from(launch.form.lti_message_hint.split('.')[1], 'base64url'));
  assert.equal(hint.canvas_domain, new URL(url).host, 'the browser comes back here');
  await close();
});

test('a notice is sent, and a registration begun, over /__state', async () => {
  const { url, close } = await served({ state: true });
  const ask = async (path, body) => (await fetch(`${url}/__state${path}`, { method: body ? 'POST' : 'GET', body })).json();
  const handler = { toolId: 7, noticeType: 'LtiContextCopyNotice', handler: 'https://tool.example/notices', maxBatchSize: null };
  const records = { noticeHandlers: { '7 LtiContextCopyNotice': handler } };
  await fetch(`${url}/__state`, { method: 'PATCH', body: JSON.stringify({ records }) });
  const sent = await ask('/notify', '{"type":"LtiContextCopyNotice","events":{"courseId":1}}');
  assert.equal(sent[0].url, 'https://tool.example/notices');
  assert.deepEqual((await ask('')).notices, sent);
  assert.match((await ask('/notify', '{"type":"x"}')).error, /no notices of type x/);
  const begun = await ask('/registration', '{"registrationUrl":"https://tool.example/register"}');
  assert.ok(begun.openidConfiguration.startsWith(`${url}/api/lti/security/openid-configuration?`));
  assert.equal((await fetch(begun.openidConfiguration)).status, 200);
  await close();
});
