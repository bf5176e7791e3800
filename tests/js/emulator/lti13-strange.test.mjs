// Whatever a tool sends to a service, it is told what is wrong: nothing makes the emulator fall over.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LINK, open, SUE } from './services.mjs';

const CANVAS = 'https://canvas.instructure.com/lti';
const TIME = '2023-01-01T00:00:00Z';
const SOUND = {
  'post /api/lti/courses/1/line_items': {
    label: 'x', scoreMaximum: 1, tag: 't', resourceId: 'r', resourceLinkId: LINK,
    [`${CANVAS}/submission_type`]: { type: 'external_tool', external_tool_url: 'https://tool.example/x' },
  },
  'put /api/lti/courses/1/line_items/12': { label: 'x', scoreMaximum: 1, tag: 't', resourceId: 'r', resourceLinkId: LINK },
  'post /api/lti/courses/1/line_items/12/scores': {
    userId: SUE.ltiUuid, scoreGiven: 1, scoreMaximum: 1, activityProgress: 'Completed', gradingProgress: 'FullyGraded',
    timestamp: TIME, comment: 'x', submission: { submittedAt: TIME },
    [`${CANVAS}/submission`]: {
      content_items: [{ type: 'file', url: 'https://x.test/a' }], new_submission: true, submission_type: 'online_url',
      submission_data: 'x', submitted_at: TIME, preserve_score: false, prioritize_non_tool_grade: true,
    },
  },
  'put /api/lti/notice-handlers/7': { notice_type: 'LtiContextCopyNotice', handler: 'https://tool.example/x', max_batch_size: 10 },
  'post /api/lti/asset_processors/83/reports': {
    assetId: 'asset', type: 'originality', timestamp: TIME, title: 'x', result: 'x', priority: 1, processingProgress: 'Processed',
    indicationColor: '#000000', indicationAlt: 'x', visibleToOwner: true, comment: 'x', errorCode: 'x',
  },
  'post /api/lti/asset_processor_eulas/7/user': { userId: SUE.ltiUuid, accepted: true, timestamp: TIME },
  'put /api/lti/asset_processor_eulas/7/deployment': { eulaRequired: true },
  'put /api/lti/developer_key/update_public_jwk': {
    developer_key: { public_jwk: { kty: 'RSA', alg: 'RS256', e: 'AQAB', n: 'x', kid: 'k', use: 'sig' } },
  },
  'post /api/lti/registrations': {
    application_type: 'web', grant_types: ['client_credentials', 'implicit'], response_types: ['id_token'],
    redirect_uris: ['https://x.test/'], initiate_login_uri: 'https://x.test/', client_name: 'x', jwks_uri: 'https://x.test/',
    token_endpoint_auth_method: 'private_key_jwt', scope: 'openid', contacts: ['a@b.c'],
    'https://purl.imsglobal.org/spec/lti-tool-configuration': {
      domain: 'x.test', claims: ['iss'], custom_parameters: { a: 'b' },
      messages: [{ type: 'LtiResourceLinkRequest', placements: ['course_navigation'], custom_parameters: { a: 'b' } }],
    },
  },
};

const STRANGE = [
  'null', '""', '" "', '0', '-1', '1.5', '1e400', '12345678901234567890', 'true', 'false', '[]', '{}', '[null]', '[[]]', '{"a":null}',
  '{"toString":1}', '{"__proto__":1}', '"x"', '"2023-13-45T99:99:99Z"', '"\\u0000"', '"__proto__"',
];

function* placesOf(value, path = []) {
  yield path;
  if (value && typeof value === 'object') {
    for (const name of Object.keys(value)) yield* placesOf(value[name], [...path, name]);
  }
}

/** JSON with other text at one place. */
function jsonWith(value, [name, ...path], text) {
  if (name === undefined) return text;
  const inner = JSON.stringify({ ...value, [name]: '@@' });
  const list = Array.isArray(value) ? JSON.stringify(value.map((item, index) => (String(index) === name ? '@@' : item))) : inner;
  return list.replace('"@@"', () => jsonWith(value[name], path, text));
}

for (const [where, body] of Object.entries(SOUND)) {
  test(`strange members: ${where}`, async () => {
    const client = await open();
    client.canvas.records.assets.set('asset', { id: 'asset', submissionId: 6, attachmentId: 71 });
    const { registrationToken } = await client.canvas.beginRegistration();
    const [method, path] = where.split(' ');
    const bearer = path.endsWith('registrations') ? { bearer: registrationToken } : {};
    const sound = await client[method](path, { json: body, ...bearer });
    assert.ok(sound.status < 300, client.canvas.reason());
    for (const place of placesOf(body)) {
      for (const text of STRANGE) {
        const { status } = await client[method](path, { json: jsonWith(body, place, text), ...bearer });
        assert.ok(status < 500, `${place.join('.')}: ${text}: ${client.canvas.reason()}`);
      }
    }
  });
}

test('strange parameters', async () => {
  const { get, canvas } = await open();
  const names = ['limit', 'page', 'per_page', 'tag', 'resource_id', 'resource_link_id', 'rlid', 'role', 'user_id', 'include'];
  for (const path of ['courses/1/line_items', 'courses/1/line_items/12/results', 'courses/1/names_and_roles', 'groups/4/names_and_roles']) {
    for (const name of names) {
      for (const value of ['=', '[]=x', '[a]=x', '=-1', '=1e9', '=99999999999999999999', '=%00', '=__proto__', '=0']) {
        const { status } = await get(`/api/lti/${path}?${name}${value}`);
        assert.ok(status < 500, `${path}?${name}${value}: ${canvas.reason()}`);
      }
    }
  }
});
