// What a browser does with a tool, by whatever sends its requests.

export const TYPE = 'application/x-www-form-urlencoded';

/** A sender for a handler in this process: (path, body, cookie) => resolves to {text, location, cookie}. */
export const inProcess = ({ fetch }) => async (path, body, cookie) => {
  const headers = { 'content-type': TYPE, ...(cookie && { cookie }) };
  const response = await fetch(new Request(`https://tool.example${path}`, { method: 'POST', body, headers }));
  return { text: await response.text(), location: response.headers.get('location'), cookie: response.headers.get('set-cookie') };
};

/** Begins a login: resolves to {url, cookie}. */
export async function login(send, form) {
  const { text, location, cookie } = await send('/lti/login', form);
  return { url: location ?? JSON.parse(/id="lti">(.*)<\/script>/.exec(text)[1]).url, cookie: cookie?.split(';')[0] };
}

export async function launch(send, { body, cookie }) {
  const { text } = await send('/lti/launch', body, cookie);
  if (text !== 'taken') throw new Error(text);
}

/** Of times in ms: how many a second one after the other, and how long one takes. */
export function summary(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share) => sorted[Math.floor(share * (sorted.length - 1))];
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  return { count: times.length, perSecond: 1000 / mean, p50: at(0.5), p99: at(0.99) };
}
