// What the sign form can be filled with: what the emulator knows, and the template of Canvas's documentation.
import { EMULATED } from './emulator.js';
import { defaultSeeds } from './package.js';

const { accounts: [account], developerKeys: [developerKey], registrations: [registration], toolProxies: [toolProxy] } =
  defaultSeeds;
const aud = `${EMULATED}/api/lti/accounts/${account.id}/authorize`;
const fresh = { exp: '', iat: '', jti: '', lifetime: '60' };

/** By the id of the button. Everything is the text of a field. */
export const presets = {
  'preset-tool-proxy': { ...fresh, sub: toolProxy.guid, subType: 'text', aud, secret: toolProxy.secret, code: '' },
  'preset-developer-key': {
    ...fresh,
    sub: String(developerKey.id),
    subType: 'number',
    aud,
    secret: developerKey.secret,
    code: registration.regKey,
  },
  'preset-template': {
    sub: '123123-ad13-ac233',
    subType: 'text',
    aud: 'https://my.canvas-domain.com/api/lti/accounts/1/authorize',
    secret: 'secret',
    lifetime: '60',
    exp: '1486393868',
    iat: '1486393800',
    jti: '688700c2-4bc1-40b7-83e5-7cbf54f93305',
    code: '',
  },
};
