// The emulator over HTTP, with a tool installed: what a school does.
import assert from 'node:assert/strict';
import { createEmulator } from 'canvas-lms-tokens/emulator';
import { serve } from '../../../scripts/serve.mjs';
import { Browser } from './browser.mjs';

export const KEY = 10000000000042;
export const [TEACHER, STUDENT, COURSE] = [2, 3, 1];
export const LTI = 'https://purl.imsglobal.org/spec/lti/claim';
export const ISSUER = 'https://canvas.instructure.com';
const [AGS, NRPS] = ['https://purl.imsglobal.org/spec/lti-ags/scope', 'https://purl.imsglobal.org/spec/lti-nrps/scope'];
export const SCOPES = {
  lineItem: `${AGS}/lineitem`, lineItemReadonly: `${AGS}/lineitem.readonly`, result: `${AGS}/result.readonly`, score: `${AGS}/score`,
  members: `${NRPS}/contextmembership.readonly`,
};

/** `key`: what else the developer key has; `selfHosted`: its issuer is its own address; `seeds`: options of the emulator. */
export async function startSite(tool, { key = {}, selfHosted = false, ...seeds } = {}) {
  const developerKey = {
    id: KEY, name: 'Tool', redirectUris: [`${tool.url}/launch`], oidcInitiationUrl: `${tool.url}/login`,
    targetLinkUri: `${tool.url}/launch`, scopes: Object.values(SCOPES),
    privacyLevel: 'public', customFields: { canvas_user_id: '$Canvas.user.id', unknown: '$No.such.variable' }, ...key,
  };
  const { url, close } = await serve({ handler: (request) => emulator.fetch(request) });
  const issuer = selfHosted ? url : ISSUER;
  const emulator = createEmulator({ developerKeys: [developerKey], baseUrl: url, issuer, fetch, throttle: false, ...seeds });
  const platform = {
    issuer, clientId: String(KEY), authorizationEndpoint: `${url}/api/lti/authorize_redirect`,
    tokenEndpoint: `${url}/login/oauth2/token`, jwksUri: `${url}/api/lti/security/jwks`,
  };

  /** A browser with the page open that begins the launch: {browser, url, form}. */
  async function begin(options) {
    const { cookie, ...login } = await emulator.launch({ developerKeyId: KEY, ...options });
    const browser = new Browser();
    if (cookie) browser.keep(url, cookie);
    return { browser, ...login };
  }

  /** Launches the tool, which knows the deployment: {browser, status, body}, or as far as `stop` lets the browser go. */
  async function launch(options, { stop } = {}) {
    const { browser, url: at, form } = await begin(options);
    const deployments = [form.lti_deployment_id ?? form.deployment_id];
    const { status } = await browser.ask(`${tool.url}/platform`, { ...platform, deployments });
    assert.equal(status, 200);
    return { browser, ...await browser.open({ url: at, form }, { stop }) };
  }

  /** What the emulator says of its refusals. */
  const reasons = () => emulator.refusals.map(({ reason }) => reason).join('; ');
  return { url, emulator, platform, begin, launch, reasons, close };
}
