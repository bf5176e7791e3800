// Exchange: an assertion for an access token, at the emulator in this page or at a server.
import { createEmulator, decode, requestAccessToken } from '../package.js';
import { byId, element } from '../show/element.js';
import { facts, members } from '../show/members.js';
import { resultOf } from '../show/result.js';
import { dateOf } from '../show/time.js';
import { tokenText } from '../show/token.js';

const PATH = '/api/lti/accounts/1/authorize';

/** @param signFor signs the assertion of the form above anew, with another audience */
export function startExchange({ signFor }) {
  const emulator = createEmulator();
  const form = byId('exchange-form');
  const result = resultOf('exchange');
  const [assertion, code, base] = ['exchange-assertion', 'exchange-code', 'exchange-base'].map(byId);
  const isByServer = () => byId('exchange-server').checked;
  let isAsking = false;

  const target = () => {
    const aud = audienceOf(assertion.value);
    return { aud, url: isByServer() ? urlAt(base.value.trim(), aud) : aud };
  };

  function update() {
    const { aud, url } = target();
    byId('exchange-base-field').hidden = !isByServer();
    byId('exchange-url').textContent = url ?? '';
    byId('exchange-target').hidden = !url;
    byId('exchange-mismatch').hidden = !(isByServer() && aud && url && aud !== url);
  }

  function readRequest() {
    const { url } = target();
    const request = { url: url ?? '', assertion: assertion.value.trim() };
    if (!request.assertion) throw new Error('there is no assertion: sign one above, or paste one');
    if (code.value.trim()) request.code = code.value.trim();
    if (isByServer()) return request;
    // The emulator answers for every host, so the assertion itself says where to.
    if (!url && decode(request.assertion)) throw new Error('the assertion has no aud, so there is no URL to send it to');
    return { ...request, fetch: emulator.fetch };
  }

  async function ask() {
    if (isAsking) return;
    isAsking = true;
    result.clear('Waiting for the answer.');
    emulator.refusals.clear();
    try {
      granted(await requestAccessToken(readRequest()));
    } catch (error) {
      result.refuse('Refused.', error, reasonRows(emulator));
    } finally {
      isAsking = false;
    }
  }

  function granted(token) {
    result.answer(
      'Granted.',
      tokenText('Access token', token.accessToken),
      facts([
        ['Type', element('code', {}, token.tokenType)],
        ['Lifetime', `${token.expiresIn} seconds`],
        ['Expires', dateOf(token.expiresAt)],
      ]),
      token.claims
        ? members('Claims', token.claims)
        : element('p', { class: 'quiet' }, 'It is no token whose claims can be read.'),
    );
  }

  form.addEventListener('input', update);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    ask();
  });
  byId('exchange-sign').addEventListener('click', () => signFor(target().url));
  update();

  return {
    /** Takes an assertion that was just signed; empty when signing failed. */
    take(token) {
      assertion.value = token;
      result.clear();
      update();
    },
    /** Takes the registration code that belongs to what the sign form was filled with. */
    fill(preset) {
      code.value = preset.code;
    },
  };
}

/** Where the assertion wants to go: its first audience. */
function audienceOf(token) {
  try {
    const [aud] = [decode(token).claims?.aud].flat();
    return typeof aud === 'string' ? aud : null;
  } catch {
    return null;
  }
}

/** The same path at another server. */
function urlAt(base, aud) {
  if (!base) return null;
  const path = /^https?:\/\/[^/?#]+(\/[^?#]+)/i.exec(aud ?? '')?.[1] ?? PATH;
  return base.replace(/\/+$/, '') + path;
}

function reasonRows({ refusals }) {
  const reason = refusals.at(-1)?.reason;
  if (!reason) return [];
  return [
    ["Canvas's own reason", [
      element('strong', {}, reason),
      element('span', { class: 'quiet' }, 'A real Canvas keeps this to itself: it sends the answer above, nothing more.'),
    ]],
  ];
}
