// What an emulator knows before its first request. An option of the same name replaces a list.

import { checkProbabilities } from './faults.js';
import { checkNames, OPTIONS } from './known.js';
import { PUBLIC_SCOPES } from './lti13/names.js';
import { ALL_SERVICES, SERVICES, SIMILARITY } from './services.js';

const WEBHOOKS = [
  'vnd.instructure.webhooks.root_account.all',
  'vnd.instructure.webhooks.assignment.submission_created',
];

const freeze = (value) => {
  if (value && typeof value === 'object') Object.values(value).forEach(freeze);
  return Object.freeze(value);
};

export const defaultSeeds = freeze({
  accounts: [
    {
      id: 1,
      uuid: 'yRKYAaw1VnJjFkCEyOJnpDLPRRSvQyCgMmZWnkRN',
      name: 'Example School',
      ltiGuid: '7db438071375c02373713c12c73869ff2f470b68.canvas.example',
      ltiId: '4dde05e8ca1973bcca9bffc13e1548820eee93a3',
    },
  ],
  courses: [
    {
      id: 1,
      uuid: 'gKjBTkUWbo5oqVzYBCkMsGEEbvgkXxTLFkWzYWVa',
      name: 'Rhetoric 101',
      ltiId: '66157096483e6b3a50bfedc6bac902c0b20a8241',
      accountId: 1,
      courseCode: 'RHET101',
      userIds: [2, 3],
      enrollments: [
        { userId: 2, type: 'TeacherEnrollment' },
        { userId: 3, type: 'StudentEnrollment' },
      ],
    },
  ],
  users: [
    {
      id: 1,
      uuid: 'A1eIxE4zCbGrMZbCK7KWiHfPYNAVZHvoNGoEtnRt',
      ltiId: '535fa085f22b4655f48cd5a36a9215f64c062838',
      ltiUuid: '9f3c1b52-3f0b-4c0a-8a53-0d2a8f6b1c11',
      name: 'Ada Admin',
      email: 'ada@school.example',
      admin: true,
    },
    {
      id: 2,
      uuid: 'Tq8KZcVvW1gkTAV7dIzl0lJXr9kkTtkL3BFWxGZ7',
      ltiId: '86157096483e6b3a50bfedc6bac902c0b20a824f',
      ltiUuid: '2c5b7d0e-7a41-4f0e-9b61-5f3d8e2a4c22',
      name: 'Tom Teacher',
      email: 'tom@school.example',
    },
    {
      id: 3,
      uuid: 'vMyqS0xAbl9YHhQ1a2TLN7l3PUfDWbsPzWUFZ4yp',
      ltiId: '0d1f2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c',
      ltiUuid: '6e8a9c1d-15b2-4d77-8c0f-7b4e1d9a3f33',
      name: 'Sue Student',
      email: 'sue@school.example',
    },
    {
      id: 90000000000000001n,
      uuid: 'bRnFJ0o4LQxuY3zyVvmQ8hG2cSdTkWpEaXiNrB6M',
      ltiId: '9c8b7a6958473625140f1e2d3c4b5a6978877665',
      ltiUuid: 'd1f0e9c8-b7a6-4594-8372-61504f3e2d44',
      name: 'Gus Guest',
      email: 'gus@other-shard.example',
    },
  ],
  accessTokens: [
    { token: '1~user-access-token', userId: 2, developerKeyId: 10000000000004 },
    { token: '1~admin-access-token', userId: 1, developerKeyId: 10000000000004 },
    { token: '9000~guest-access-token', userId: 90000000000000001n, developerKeyId: 10000000000004 },
  ],
  // The values of the cookies canvas_session and _csrf_token; the latter needs decoding, as Canvas's does.
  sessions: [{ id: 'session-of-tom', userId: 2, csrfToken: 'tKx0+wB/eTq8mZ1YrGd5Vg==' }],
  developerKeys: [
    {
      id: 10000000000003,
      secret: 'developer-key-secret',
      toolConsumerProfile: {
        uuid: 'a5d3b2e1-6c1c-4a5e-9d0f-0c2a5f3c7b11',
        services: Object.keys(SERVICES),
        capabilities: [SIMILARITY, ...WEBHOOKS],
      },
    },
    {
      id: 10000000000004,
      name: 'Example App',
      secret: 'user-developer-key-secret',
      redirectUris: ['https://app.example/callback'],
      allowedAudiences: ['https://journey.example'],
    },
    {
      id: 10000000000042,
      name: 'Example Tool',
      redirectUris: ['https://tool.example/launch'],
      oidcInitiationUrl: 'https://tool.example/login',
      targetLinkUri: 'https://tool.example/launch',
      publicJwkUrl: 'https://tool.example/jwks',
      scopes: PUBLIC_SCOPES,
      privacyLevel: 'public',
      customFields: { canvas_user_id: '$Canvas.user.id', canvas_course_id: '$Canvas.course.id' },
    },
  ],
  // Installed LTI 1.3 tools: each is a deployment.
  tools: [{ id: 7, developerKeyId: 10000000000042, accountId: 1, name: 'Example Tool' }],
  toolProxies: [
    {
      guid: '123123-ad13-ac233',
      secret: 'secret',
      developerKeyId: 10000000000003,
      capabilities: ['Security.splitSecret', SIMILARITY, ...WEBHOOKS],
      services: ALL_SERVICES,
    },
  ],
  registrations: [{ regKey: '9359e0cd-6a69-4ca9-91b6-162cf0711a5b', password: 'registration-password', accountId: 1 }],
  assignments: [
    {
      id: 25,
      courseId: 1,
      name: 'Essay',
      ltiContextId: '5a1d9c3e-72f4-4b08-8e6d-3c2b1a0f9e8d',
      toolProxyGuid: '123123-ad13-ac233',
      submissionTypes: ['online_upload', 'online_text_entry'],
    },
    {
      id: 26,
      courseId: 1,
      name: 'Speech',
      toolId: 7,
      ltiContextId: 'b3a7c2f4-0d1e-4b5a-9c8d-7e6f5a4b3c2d',
      pointsPossible: 10,
      submissionTypes: ['external_tool'],
    },
  ],
  resourceLinks: [
    {
      id: 'b3a7c2f4-0d1e-4b5a-9c8d-7e6f5a4b3c2d',
      courseId: 1,
      assignmentId: 26,
      toolId: 7,
      title: 'Speech',
      url: 'https://tool.example/launch?speech=1',
    },
  ],
  lineItems: [
    {
      id: 12,
      assignmentId: 26,
      resourceLinkId: 'b3a7c2f4-0d1e-4b5a-9c8d-7e6f5a4b3c2d',
      developerKeyId: 10000000000042,
      label: 'Speech',
      scoreMaximum: 10,
    },
  ],
  // LTI 1.3 tools that process what is handed in.
  assetProcessors: [
    {
      id: 83, toolId: 7, assignmentId: 25, title: 'Example Processor', custom: { depth: 'full' },
      report: { supportedTypes: ['originality'] },
    },
  ],
  submissions: [
    {
      id: 6,
      uuid: 'c0ffee00-1d2e-4f30-8a4b-5c6d7e8f9a0b',
      assignmentId: 25,
      userId: 3,
      attempt: 2,
      submissionType: 'online_upload',
      submittedAt: '2024-11-06T14:20:07Z',
      attachments: [{ id: 71, filename: 'essay.txt', contentType: 'text/plain', content: 'Final.' }],
      history: [
        {
          attempt: 1,
          submissionType: 'online_upload',
          submittedAt: '2024-11-05T09:00:00Z',
          attachments: [{ id: 70, filename: 'draft.txt', contentType: 'text/plain', content: 'Draft.' }],
        },
      ],
    },
  ],
  groups: [
    {
      id: 4,
      courseId: 1,
      name: 'Debating Society',
      ltiId: 'e1f2a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4',
      userIds: [2, 3],
    },
  ],
});

export const defaultSecrets = freeze({
  encryptionKey: 'facdd3a131ddd8988b14f6e4e01039c93cfa0160',
  previousEncryptionKeys: [],
  servicesSigning: 'astringthatisactually32byteslong',
  previousServicesSigning: [],
  servicesEncryption: 'anotherstringthatis32bytes-long!',
});

const KEYS = {
  accounts: 'id', courses: 'id', users: 'id', accessTokens: 'token', sessions: 'id', developerKeys: 'id',
  toolProxies: 'guid', registrations: 'regKey', assignments: 'id', submissions: 'id', groups: 'id', tools: 'id', resourceLinks: 'id',
  lineItems: 'id', assetProcessors: 'id',
};

const UNSEEDED = [
  'reports', 'subscriptions', 'nonces', 'launches', 'deepLinkingResponses', 'results', 'progresses', 'noticeHandlers',
  'assets', 'assetReports', 'eulaAcceptances', 'ltiRegistrations', 'authorizations', 'authorizationCodes',
];

export function checkOptions(options) {
  if (options === null || typeof options !== 'object') throw new TypeError('options: expected an object');
  checkNames(options, OPTIONS.emulator, 'options');
  for (const name of Object.keys(KEYS)) {
    const records = options[name];
    if (records !== undefined && !Array.isArray(records)) throw new TypeError(`options.${name}: expected an array`);
    const wrong = records?.findIndex((record) => record === null || typeof record !== 'object') ?? -1;
    if (wrong !== -1) throw new TypeError(`options.${name}[${wrong}]: expected an object`);
  }
  if (!['new', 'old', undefined].includes(options.era)) throw new TypeError("options.era: expected 'new' or 'old'");
  checkProbabilities(options.faults, 'options.faults');
}

/** The emulator's live records: Maps by id as text. */
export function createRecords(options) {
  const table = ([name, key]) => {
    const seeds = structuredClone(options[name] ?? defaultSeeds[name]);
    return [name, new Map(seeds.map((seed) => [String(seed[key]), seed]))];
  };
  const seeded = Object.fromEntries(Object.entries(KEYS).map(table));
  const empty = UNSEEDED.map((name) => [name, new Map()]);
  return { ...seeded, ...Object.fromEntries(empty) };
}
