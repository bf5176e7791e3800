// An emulator with a tool, and what a launch of it names.
import { LtiServices } from 'canvas-lms-tokens';
import { createEmulator, defaultSeeds } from 'canvas-lms-tokens/emulator';
import { KEY, PLATFORM } from './tool.mjs';

export const HOST = 'https://school.test';
const LTI = 'https://purl.imsglobal.org/spec/lti';
export const AGS = `${LTI}-ags/scope/`;
export const SCOPES = [
  ...['lineitem', 'lineitem.readonly', 'result.readonly', 'score'].map((name) => AGS + name),
  `${LTI}-nrps/scope/contextmembership.readonly`,
  ...['noticehandlers', 'asset.readonly', 'report'].map((name) => `${LTI}/scope/${name}`),
];
const [SEEDED] = defaultSeeds.developerKeys.filter(({ id }) => id === 10000000000042);
export const developerKey = (changes = {}) => ({
  ...SEEDED, publicJwk: KEY.publicKey, publicJwkUrl: undefined, redirectUris: ['https://tool.example/launch'], scopes: SCOPES,
  ...changes,
});

/** An emulator whose one LTI 1.3 tool has our key. */
export function openEmulator({ key, ...options } = {}) {
  return createEmulator({
    throttle: false, baseUrl: HOST, features: ['lti_asset_processor', 'platform_notification_service'],
    developerKeys: [developerKey(key)], ...options,
  });
}

/** A launch as verifying gives it, of what the emulator posts to the tool; its signature is another test's. */
export async function launched(emulator, about = {}) {
  const login = await emulator.launch({
    developerKeyId: SEEDED.id, courseId: 1, userId: 2, baseUrl: HOST, ...about,
  });
  const url = new URL('/api/lti/authorize_redirect', HOST);
  const { client_id, login_hint, lti_message_hint } = login.form;
  const parameters = {
    client_id, login_hint, lti_message_hint, nonce: 'n', prompt: 'none', redirect_uri: 'https://tool.example/launch',
    response_mode: 'form_post', response_type: 'id_token', scope: 'openid', state: 's',
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  const { form } = await emulator.authorize(url.href, { cookie: login.cookie });
  const claims = JSON.parse(Buffer.from(form.id_token.split('.')[1], 'base64url'));
  return { platform: PLATFORM, deploymentId: claims[`${LTI}/claim/deployment_id`], claims };
}

export const endpoint = ({ claims }) => claims[`${LTI}-ags/claim/endpoint`];
export const membersUrl = ({ claims }) => claims[`${LTI}-nrps/claim/namesroleservice`].context_memberships_url;
export const noticesUrl = ({ claims }) =>
  claims[`${LTI}/claim/platformnotificationservice`].platform_notification_service_url;

/** The services of a launch of an emulator, what it names, and what was asked for. */
export async function open({ about, services, ...options } = {}) {
  const emulator = openEmulator(options);
  const launch = await launched(emulator, about);
  emulator.requests.clear();
  const made = LtiServices.for(launch, { key: KEY.privateKey, fetch: emulator.fetch, ...services });
  const asked = () => [...emulator.requests].map(({ method, url }) => `${method} ${url.replace(HOST, '')}`);
  return { emulator, launch, services: made, asked };
}

export async function all(list) {
  const found = [];
  for await (const item of list) found.push(item);
  return found;
}
