// Exchange: an assertion for an access token, at the emulator in this page or at a server.
import { decode, requestAccessToken } from '../package.js';
import { serverChoice } from '../fields/server.js';
import { callingIn } from '../show/calling.js';
import { byId, element } from '../show/element.js';
import { handOver } from '../show/go.js';
import { facts, members, titled } from '../show/members.js';
import { checkList, reportLine } from '../show/report.js';
import { resultOf } from '../show/result.js';
import { dateOf } from '../show/time.js';
import { tokenText } from '../show/token.js';

const PATH = '/api/lti/accounts/1/authorize';

/**
 * @param signFor signs the assertion of the form above anew, with another audience
 * @param inspect shows a token in full
 * @param report takes an access token, and where it is from
 */
export function startExchange({ signFor, inspect, report }) {
  const form = byId('exchange-form');
  const result = resultOf('exchange');
  const calling = callingIn(result);
  const server = serverChoice('exchange');
  const [assertion, code] = ['exchange-assertion', 'exchange-code'].map(byId);

  const target = () => {
    const aud = audienceOf(assertion.value);
    // The emulator answers for every host, so the assertion itself says where to.
    return { aud, url: server.isServer() ? urlAt(server.base(), aud) : aud };
  };

  function update() {
    const { aud, url } = target();
    byId('exchange-url').textContent = url ?? '';
    byId('exchange-target').hidden = !url;
    byId('exchange-mismatch').hidden = !(server.isServer() && aud && url && aud !== url);
  }

  function readRequest() {
    const { url } = target();
    const request = { url: url ?? '', assertion: assertion.value.trim(), ...server.fetch() };
    if (!request.assertion) throw new Error('there is no assertion: sign one above, or paste one');
    if (code.value.trim()) request.code = code.value.trim();
    if (!url && !server.isServer() && decode(request.assertion)) {
      throw new Error('the assertion has no aud, so there is no URL to send it to');
    }
    return request;
  }

  function ask() {
    let request;
    const call = async () => {
      request = readRequest();
      return requestAccessToken(request);
    };
    calling(call, (token) => granted(token, request), (error) => reported(error, request));
  }

  function granted({ accessToken, tokenType, expiresIn, expiresAt, claims }, { url }) {
    const from = { token: accessToken, isServer: server.isServer(), base: new URL(url).origin };
    result.answer(
      'Granted.',
      tokenText(
        'Access token',
        accessToken,
        handOver('Inspect', 'inspect', () => inspect({ token: accessToken })),
        handOver('Report with it', 'report', () => report(from)),
      ),
      facts([
        ['Type', element('code', {}, tokenType)],
        ['Lifetime', `${expiresIn} seconds`],
        ['Expires', dateOf(expiresAt)],
      ]),
      claims ? members('Claims', claims) : element('p', { class: 'quiet' }, 'It is no token whose claims can be read.'),
    );
  }

  function reported({ report: found }, request) {
    if (!found) return [];
    const { assertion: token, url: endpoint } = request;
    return [
      titled(
        'What the assertion shows',
        element('p', {}, reportLine(found)),
        element('div', { class: 'under' }, handOver('Inspect it', 'inspect', () => inspect({ token, endpoint }))),
      ),
      checkList(found),
    ];
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
