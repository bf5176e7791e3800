// Requests as they go over the wire: a fetch that keeps what it sent and what came back, secrets masked, and the same as curl.

/** What stands in place of a secret. */
const MASK = '••••••';

const SECRET_HEADERS = /^(authorization|proxy-authorization|cookie|set-cookie|x-csrf-token)$/i;
const SECRET_NAMES = 'access_token|refresh_token|client_secret|shared_secret|secret|password';

/**
 * @param own the fetch that sends
 * @param changed is called when an exchange begins or ends
 * @param more exchanges: where they are kept; about: what each of them has besides
 * @returns {fetch, exchanges}: each exchange {request, answer, error, took (milliseconds), sent (unmasked, for curl)}
 */
export function recorder(own, changed = () => {}, { exchanges = [], about = {} } = {}) {
  async function recorded(input, init) {
    const request = new Request(input, init);
    const started = performance.now();
    const exchange = { ...about, sent: await read(request.clone()) };
    exchange.request = { ...exchange.sent, ...masked(exchange.sent), url: maskText(exchange.sent.url) };
    exchanges.push(exchange);
    changed();
    try {
      const answer = await own(request);
      Object.assign(exchange, { answer: { status: answer.status, ...masked(await read(answer.clone())) }, took: performance.now() - started });
      return answer;
    } catch (error) {
      Object.assign(exchange, { error, took: performance.now() - started });
      throw error;
    } finally {
      changed();
    }
  }
  return { fetch: recorded, exchanges };
}

async function read(message) {
  const { method, url, headers } = message;
  return { method, url, headers: Object.fromEntries(headers), body: await message.text() };
}

export const masked = ({ headers, body }) => ({
  headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, maskHeader(name, value)])), body: maskText(pretty(headers, body)),
});

function maskHeader(name, value) {
  if (!SECRET_HEADERS.test(name)) return maskText(value);
  // The name and the attributes of a cookie are no secret.
  if (/^cookie$/i.test(name)) return value.replace(/([^=;\s]+=)[^;]*/g, `$1${MASK}`);
  if (/^set-cookie$/i.test(name)) return value.replace(/^([^=;]+=)[^;]*/, `$1${MASK}`);
  const [, scheme, token] = /^(Bearer|Basic) (.+)$/i.exec(value) ?? [];
  if (!scheme) return MASK;
  return `${scheme} ${/^eyJ/.test(token) ? maskText(token) : MASK}`;
}

/** A text without what signs or opens anything: a token keeps what can be read of it, but not its signature. */
export const maskText = (text) => text
  .replace(/eyJ[\w-]+(?:\.[\w-]*){4}/g, (jwe) => `${jwe.split('.')[0]}.${MASK}`)
  .replace(/(eyJ[\w-]+\.[\w-]*)\.[\w-]+/g, `$1.${MASK}`)
  .replace(/ZXlK[\w+/=-]{40,}/g, (wrapped) => `${wrapped.slice(0, 16)}${MASK}`)
  .replace(new RegExp(`("(?:${SECRET_NAMES})"\\s*:\\s*)"(?!eyJ|ZXlK)[^"]*"`, 'g'), `$1"${MASK}"`)
  .replace(new RegExp(`(^|[&?])(${SECRET_NAMES})=(?!eyJ)[^&\\s]*`, 'g'), `$1$2=${MASK}`);

/** JSON of an answer, indented where nothing is lost by it. */
function pretty(headers, body) {
  if (!/json/.test(headers['content-type'] ?? '') || /\d{16}/.test(body)) return body;
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

/** In single quotes of a shell. */
export const quoted = (text) => `'${String(text).replaceAll("'", `'\\''`)}'`;

/** The command that sends the same; a bearer token comes from the environment. */
export function curlOf({ method, url, headers, body }) {
  const own = Object.entries(headers).filter(([name]) => !/^(user-agent|content-length|cookie)$/i.test(name));
  const lines = own.map(([name, value]) => (/^authorization$/i.test(name) ? `-H "Authorization: Bearer $ACCESS_TOKEN"` : `-H ${quoted(`${name}: ${value}`)}`));
  if (body) lines.push(`--data ${quoted(body)}`);
  return [`curl -i -X ${method} ${quoted(url)}`, ...lines].join(' \\\n  ');
}
