// Why there is no answer, as Node tells it of real servers: the message says it, the cause is the platform's own.
import assert from 'node:assert/strict';
import { createServer } from 'node:https';
import { test } from 'node:test';
import { certify } from '../../launch/authority.mjs';
import { imported, rejects } from './copies.mjs';
import { listen, proxyRequest } from './servers.mjs';

const { requestAccessToken, verifyJwt, remoteJwks } = imported;
const TOKEN = 'eyJhbGciOiJSUzI1NiIsImtpZCI6ImEifQ.e30.AAAA';

async function failure(url) {
  const error = await rejects(() => requestAccessToken(proxyRequest({ url, retries: 0 })), 'ERR_FETCH');
  assert.ok(error.message.startsWith(`no answer from ${new URL(url).host}: `), error.message);
  assert.ok(error.cause instanceof Error);
  return error.message;
}

/** A server over TLS whose certificate is of an authority that nobody trusts, for these names. */
async function secure(t, names) {
  const { key, cert } = certify(names);
  const server = createServer({ key, cert }, (_, outgoing) => outgoing.end('{}'));
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `https://localhost:${server.address().port}/`;
}

test('a closed port', async (t) => {
  const server = await listen(t, () => {});
  await server.close();
  assert.match(await failure(server.url.replace('127.0.0.1', 'localhost') + '/'), /: the connection was refused, nothing listens on that port$/);
});

test('a name that does not exist', async () => {
  // Without a network the name cannot even be looked up.
  assert.match(await failure('https://nothing.invalid/'), /: (no host of that name is known here|its name cannot be looked up now)/);
});

test('a certificate that nobody vouches for', async (t) => {
  assert.match(await failure(await secure(t, ['localhost'])), /: TLS failed, its certificate is not of an authority that is trusted here/);
});

test('a port that speaks no TLS, and a connection that is closed', async (t) => {
  const plain = await listen(t, (outgoing) => outgoing.socket.destroy());
  assert.match(await failure(`https://127.0.0.1:${plain.port}/`), /: TLS failed, the server speaks none on that port or another version$/);
  assert.match(await failure(`${plain.url}/`), /: the connection was closed before the whole answer came$/);
});

test('a certificate for another name', async () => {
  // Which authorities fetch trusts is the process's own: this error is the one of a trusted authority's other certificate.
  const cause = Object.assign(new Error('Hostname/IP does not match'), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  const fetch = async () => { throw new TypeError('fetch failed', { cause }); };
  const error = await rejects(() => requestAccessToken(proxyRequest({ fetch, retries: 0 })), 'ERR_FETCH');
  assert.match(error.message, /: TLS failed, its certificate is for another name$/);
});

test('the keys of a platform say it as well', async (t) => {
  const server = await listen(t, () => {});
  await server.close();
  const error = await rejects(() => verifyJwt(TOKEN, remoteJwks(`http://localhost:${server.port}/`)), 'ERR_FETCH');
  assert.match(error.message, /the connection was refused/);
});

test('what platforms may put into an error is never repeated', async () => {
  for (const cause of [undefined, 'ECONNREFUSED', { code: 5, message: {} }, { code: 'X'.repeat(1000), message: 'secret' },
    { get code() { throw new Error('no'); } }]) {
    const fetch = () => Promise.reject(cause);
    const error = await rejects(() => requestAccessToken(proxyRequest({ fetch, retries: 0 })), 'ERR_FETCH');
    assert.match(error.message, /: the network, its name or its certificate$/);
  }
});
