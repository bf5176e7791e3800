// A misspelt name of an option, launch, event or record is found; the names that are known are those of emulator.d.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEmulator, defaultSeeds, serve } from 'canvas-lms-tokens/emulator';
import { EVENTS, OPTIONS, RECORDS } from '../../../pkg/emulator/known.js';
import { read } from '../node/copies.mjs';

const types = read('pkg/emulator.d.ts');

/** The members that an interface of emulator.d.ts declares itself. */
function declared(name) {
  const text = types.slice(types.search(new RegExp(`^export interface ${name}\\b`, 'm')));
  const [line, lines] = [/^.*\{ (.*) \}\n/.exec(text), /^.*\{\n([^]*?)^\}$/m.exec(text)];
  return line ? [...line[1].matchAll(/(\w+)\??:/g)].map(([, member]) => member)
    : [...lines[1].matchAll(/^ {2}(\w+)\??:/gm)].map(([, member]) => member);
}

const INTERFACES = {
  accounts: 'Account', courses: 'Course', users: 'User', accessTokens: 'UserAccessToken', sessions: 'Session',
  developerKeys: 'DeveloperKey', toolProxies: 'ToolProxy', registrations: 'Registration', assignments: 'Assignment',
  submissions: ['Submission', 'Attempt'], groups: 'Group', tools: 'Tool', resourceLinks: 'ResourceLink', lineItems: 'LineItem',
  assetProcessors: 'AssetProcessor',
};
const INSIDE = [
  [RECORDS.courses.inside.enrollments, 'Enrollment'], [RECORDS.developerKeys.inside.placements, 'Placement'],
  [RECORDS.submissions.inside.history, 'Attempt'], [RECORDS.submissions.inside.attachments, 'Attachment'],
  [OPTIONS.emulator, ['EmulatorOptions', 'Seeds']], [OPTIONS.emulator.inside.throttle, 'Throttle'],
  [OPTIONS.emulator.inside.secrets, 'Secrets'], [OPTIONS.emulator.inside.keys, 'Keys'], [OPTIONS.launch, 'LaunchOptions'],
  [OPTIONS.registration, 'RegistrationOptions'], [OPTIONS.consent, 'ConsentOptions'], [OPTIONS.serve, 'ServeOptions'],
];

test('the known names are those that are declared', () => {
  assert.deepEqual(Object.keys(RECORDS), declared('Seeds'));
  for (const [shape, names] of [...Object.entries(INTERFACES).map(([name, of]) => [RECORDS[name], of]), ...INSIDE]) {
    const members = [names].flat().flatMap(declared);
    assert.deepEqual([...shape.names].sort(), members.sort(), String(names));
  }
  assert.deepEqual(Object.keys(EVENTS), declared('NoticeEvents'));
  assert.deepEqual([...OPTIONS.emulator.inside.faults.names].sort(), [...declared('Faults'), 'seed'].sort());
});

const emulator = createEmulator();
const account = { id: 2, uuid: 'u', name: 'n' };
// [what, a call, the place, the name that was meant]
const MISSPELT = [
  ['an option', () => createEmulator({ featurs: [] }), 'options.featurs', 'features'],
  ['a list', () => createEmulator({ developerkeys: [] }), 'options.developerkeys', 'developerKeys'],
  ['throttling', () => createEmulator({ throttle: { maximun: 1 } }), 'options.throttle.maximun', 'maximum'],
  ['a fault', () => createEmulator({ faults: { latncy: 1 } }), 'options.faults.latncy', 'latency'],
  ['a secret', () => createEmulator({ secrets: { encriptionKey: 'x' } }), 'options.secrets.encriptionKey', 'encryptionKey'],
  ['a key', () => createEmulator({ keys: { lti: { presnt: {} } } }), 'options.keys.lti.presnt', 'present'],
  ['a record', () => createEmulator({ accounts: [account, { ...account, ltiGUID: 'g' }] }), 'options.accounts[1].ltiGUID', 'ltiGuid'],
  ['a record in a record', () => createEmulator({ courses: [{ ...defaultSeeds.courses[0], enrollments: [{ userid: 1 }] }] }),
    'options.courses[0].enrollments[0].userid', 'userId'],
  ['a launch', () => emulator.launch({ developerKeyId: 10000000000042, messagetype: 'x' }), 'options.messagetype', 'messageType'],
  ['an authorization', () => emulator.authorize('https://canvas.example/', { cookies: '' }), 'options.cookies', 'cookie'],
  ['a consent', () => emulator.consent('https://canvas.example/', { userid: 3 }), 'options.userid', 'userId'],
  ['a notice', () => emulator.notify('LtiHelloWorldNotice', [{}, { toolid: 7 }]), 'events.toolid', 'toolId'],
  ['a registration', () => emulator.beginRegistration({ registrationURL: 'x' }), 'options.registrationURL', 'registrationUrl'],
  ['a script', () => emulator.platformStorageScript({ authURL: 'x' }), 'where.authURL', 'authUrl'],
  ['a server', () => serve(emulator, { prot: 1 }), 'options.prot', 'port'],
];

for (const [what, call, place, meant] of MISSPELT) {
  test(`a misspelt name of ${what} is found`, async () => {
    await assert.rejects(async () => call(), { name: 'TypeError', message: `${place}: unknown, expected perhaps ${meant}` });
  });
}

test('of a name like none, all are told; what holds anything may hold it', async () => {
  assert.throws(() => createEmulator({ throttle: { zzz: 1 } }),
    { message: 'options.throttle.zzz: unknown, expected one of maximum, highWaterMark, outflow, upFront, cost, status' });
  const [key] = defaultSeeds.developerKeys.slice(-1);
  const own = createEmulator({ developerKeys: [{ ...key, customFields: { any_thing: 'x' } }] });
  const { form } = await own.launch({ developerKeyId: key.id, custom: { other: 'y' }, claims: { 'https://tool.example/claim': 1 } });
  assert.equal(form.client_id, String(key.id));
});

test('a value that would go unnoticed is refused', () => {
  assert.throws(() => createEmulator({ era: 'Old' }), { name: 'TypeError', message: "options.era: expected 'new' or 'old'" });
  assert.throws(() => createEmulator(null), { name: 'TypeError', message: 'options: expected an object' });
  for (const value of [null, 5]) {
    assert.throws(() => createEmulator({ accounts: [account, value] }),
      { name: 'TypeError', message: 'options.accounts[1]: expected an object' });
  }
  for (const value of [5, -0.1, Number.NaN, '0.5']) {
    assert.throws(() => createEmulator({ faults: { dropAfter: value } }),
      { name: 'TypeError', message: 'options.faults.dropAfter: expected a probability, from 0 to 1' });
  }
});
