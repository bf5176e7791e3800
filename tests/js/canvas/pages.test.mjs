// The users of a group: every page, in order, to the end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSeeds } from 'canvas-lms-tokens/emulator';
import { rejects } from '../node/copies.mjs';
import { answer } from '../node/servers.mjs';
import { answering, HOST, json, open, WAYS } from './site.mjs';

const [course] = defaultSeeds.courses;
const ids = (count) => Array.from({ length: count }, (_, index) => index + 1000);

function group(count) {
  const users = ids(count).map((id) => ({ id, uuid: `u${id}`, name: `User ${id}`, ltiId: `lti-${id}` }));
  return { users: [...defaultSeeds.users, ...users], groups: [{ id: 4, courseId: course.id, userIds: ids(count) }] };
}

for (const way of Object.keys(WAYS)) {
  for (const [count, requests] of [[0, 1], [1, 1], [100, 1], [101, 2], [250, 3]]) {
    test(`${way}: ${count} users in ${requests} requests`, async (t) => {
      const site = await open(t, { way, ...group(count) });
      const users = await (await site.tool()).groupUsers(4);
      assert.deepEqual(users.map(({ id }) => id), ids(count));
      assert.equal(site.emulator.requests.length, requests);
      assert.equal(new Set([...site.emulator.requests].map(({ headers }) => headers.authorization)).size, 1);
    });
  }

  test(`${way}: a page that fails is asked for again, the pages before are not`, async (t) => {
    const site = await open(t, { way, ...group(250), faults: { retryAfter: 0 } });
    const canvas = await site.tool();
    site.emulator.faults.decide = () => (site.emulator.requests.length === 2 ? 'serverError' : null);
    assert.deepEqual((await canvas.groupUsers(4)).map(({ id }) => id), ids(250));
    const pages = [...site.emulator.requests].map(({ url }) => new URL(url).searchParams.get('page'));
    assert.deepEqual(pages, [null, '2', '2', '3']);
  });

  test(`${way}: a page that is refused is the error of the call`, async (t) => {
    const site = await open(t, { way, ...group(250) });
    const canvas = await site.tool();
    const refused = { answer: { status: 404, text: '{"message":"moved away"}' } };
    site.emulator.faults.decide = () => (site.emulator.requests.length === 3 ? refused : null);
    const error = await rejects(() => canvas.groupUsers(4), 'ERR_HTTP_STATUS');
    assert.match(error.message, /moved away/);
  });
}

const next = (url, rel = 'next') => ({ link: `<${url}>; rel="${rel}"` });
const LINKS = [
  // [header, whether there is a next page]
  [`<${HOST}/2>; rel="next"`, true],
  [`<${HOST}/1>; rel="current", <${HOST}/2>; rel="next", <${HOST}/9>; rel="last"`, true],
  [`<${HOST}/1?a=1,2;b="x">;rel=first,<${HOST}/2>;rel=next`, true],
  [`<${HOST}/2>; title="rel=prev"; rel="NEXT"`, true],
  [`<${HOST}/2>; rel="start next"`, true],
  [`<${HOST}/1>; rel="current"; title="next"`, false],
  [`<${HOST}/2>; rel="nextish"`, false],
  [`<${HOST}/2>; rev="next"`, false],
  [`<${HOST}/2`, false],
  ['next', false],
  ['', false],
];
for (const [link, isFollowed] of LINKS) {
  test(`Link: ${link}`, async () => {
    const { canvas, calls } = answering(json(200, [{ id: 1 }], { link }), json(200, [{ id: 2 }]));
    assert.deepEqual(await canvas.groupUsers(4), isFollowed ? [{ id: 1 }, { id: 2 }] : [{ id: 1 }]);
    assert.deepEqual(calls.slice(1).map(({ url }) => url), isFollowed ? [`${HOST}/2`] : []);
  });
}

test('an address is taken as it is, and asked for as the first one was', async () => {
  const opaque = `${HOST}/api/lti/groups/4/users?page=bookmark:WyJ4Il0%3D&per_page=100&a=%20é`;
  const { canvas, calls } = answering(json(200, [], next(opaque)), json(200, []));
  await canvas.groupUsers(4);
  assert.equal(calls[1].url, opaque);
  assert.deepEqual(calls[1].init.headers, calls[0].init.headers);
  assert.equal(calls[1].init.method, 'GET');
});

test('an empty page is not the end', async () => {
  const { canvas } = answering(json(200, [], next(`${HOST}/2`)), json(200, [{ id: 2 }]));
  assert.deepEqual(await canvas.groupUsers(4), [{ id: 2 }]);
});

test('pages without end do end', async () => {
  for (const link of [() => `${HOST}/same`, (url) => `${HOST}/${Number(url.split('/').at(-1)) + 1 || 1}`]) {
    let count = 0;
    const { canvas, calls } = answering((url) => {
      count += 1;
      return json(200, [{ id: count }], next(link(url)));
    });
    const error = await rejects(() => canvas.groupUsers(4), 'ERR_RESPONSE_INVALID');
    assert.match(error.message, /no end/);
    assert.equal(calls.length, 1000);
  }
});

test('a page that is no list ends the call', async () => {
  for (const second of [json(200, { id: 2 }), answer(200, '<html></html>'), answer(200, '')]) {
    const { canvas } = answering(json(200, [{ id: 1 }], next(`${HOST}/2`)), second);
    await rejects(() => canvas.groupUsers(4), 'ERR_RESPONSE_INVALID');
  }
});

test('the other lists are one page, as Canvas gives them', async () => {
  const { canvas, calls } = answering(json(200, [{ id: 1 }], { ...next(`${HOST}/2`), endkey: 'k' }));
  assert.deepEqual(await canvas.submissionHistory({ assignmentId: 25, submissionId: 6 }), [{ id: 1 }]);
  assert.deepEqual(await canvas.subscriptions(), { subscriptions: [{ id: 1 }], endKey: 'k' });
  assert.equal(calls.length, 2);
});

test('where the next subscriptions start', async () => {
  for (const [endkey, expected] of [['k-1', 'k-1'], ['', null], ['null', null], [undefined, null]]) {
    const { canvas } = answering(json(200, [], endkey === undefined ? {} : { endkey }));
    assert.equal((await canvas.subscriptions({})).endKey, expected);
  }
  const { canvas, calls } = answering(json(200, []));
  await canvas.subscriptions({ startKey: 'k-1' });
  assert.equal(calls[0].init.headers.startkey, 'k-1');
});
