// An API for the people of one Canvas, who call it with a JWT that Canvas made for them: each of them keeps a note.
import { serve } from '@hono/node-server';
import { isTokenError, remoteJwks, unwrap, verifyJwt } from 'canvas-lms-tokens';
import { Hono } from 'hono';
import { bearerAuth } from 'hono/bearer-auth';

const { CANVAS_URL, PORT = 3000 } = process.env;
if (!CANVAS_URL) throw new Error('CANVAS_URL is not set: README.md says how to make .env');
const canvas = new URL(CANVAS_URL);
// Made once, as it keeps what it fetched.
const keys = remoteJwks(new URL('/internal/services/jwks', canvas).href);
const notes = new Map();

const app = new Hono();

app.use(bearerAuth({
  async verifyToken(token, c) {
    // Canvas sends its JWTs in base64.
    const { claims } = await verifyJwt(unwrap(token), keys, {
      issuer: 'Canvas', audience: 'Instructure', requiredClaims: ['sub', 'exp'],
    });
    // A bigint where a number would lose digits.
    c.set('user', String(claims.sub));
    // In Instructure's cloud, the keys are those of all institutions.
    return claims.domain === canvas.host;
  },
  invalidToken: { message: { error: `the token is not of ${canvas.host}` } },
}));

app.get('/note', (c) => c.json({ user: c.get('user'), note: notes.get(c.get('user')) ?? null }));
app.put('/note', async (c) => {
  notes.set(c.get('user'), await c.req.text());
  return c.body(null, 204);
});

// Where Canvas's keys cannot be fetched, the token may still be good.
const UNAVAILABLE = new Set(['ERR_FETCH', 'ERR_TIMEOUT', 'ERR_HTTP_STATUS', 'ERR_RESPONSE_INVALID', 'ERR_THROTTLED']);
app.onError((error, c) => {
  if (error.getResponse) return error.getResponse();
  console.error(error);
  if (!isTokenError(error)) return c.json({ error: 'internal error' }, 500);
  const { code, message } = error;
  if (UNAVAILABLE.has(code)) return c.json({ error: message, code }, 503);
  return c.json({ error: message, code }, 401, { 'WWW-Authenticate': 'Bearer error="invalid_token"' });
});

serve({ fetch: app.fetch, port: Number(PORT) }, ({ port }) => console.log(`The API listens on port ${port}`));
