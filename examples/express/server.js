// An LTI 1.3 tool: a student opens it in Canvas and answers a question, and the points are in the gradebook.
import { readFileSync } from 'node:fs';
import {
  beginLaunch, isTokenError, LtiServices, publicJwks, signJwtSync, verifyJwtSync, verifyLaunch,
} from 'canvas-lms-tokens';
import { memoryStore } from 'canvas-lms-tokens/tool';
import express from 'express';
import * as pages from './pages.js';
import { key, platform, port, redirectUri, secret } from './settings.js';

const storageScript = readFileSync(new URL(import.meta.resolve('canvas-lms-tokens/platform-storage')));
// So that no launch is taken twice. Several processes need a store that they share.
const claimNonce = memoryStore();
const app = express();
app.use(express.static('public'), express.urlencoded({ extended: false }));

app.get('/jwks', (req, res) => res.json(publicJwks([key])));
app.get('/platform-storage.js', (req, res) => res.type('js').send(storageScript));

// 1. Canvas sends the browser here; the answer is a page, not a redirect, as only a page can use Canvas's storage.
app.all('/login', async (req, res) => {
  const login = await beginLaunch(req.body ?? req.query, { platforms: platform, redirectUri, secret });
  res.set('Set-Cookie', login.cookie).send(pages.goOn(login));
});

// 2. Canvas has the browser post the launch.
app.post('/launch', async (req, res) => {
  const { body = {}, headers } = req;
  const { stored } = body;
  const launch = await verifyLaunch(body, {
    platforms: platform, secret, claimNonce, cookie: headers.cookie,
    stored: stored === undefined ? null : { value: stored, origin: headers.origin },
  }).catch((error) => {
    // A browser that keeps no cookies in frames: the page gets from Canvas's storage what the login put there.
    if (!error.storage || stored !== undefined) throw error;
    res.send(pages.askStorage(error.storage, body));
  });
  if (!launch) return;
  const { lineItem, scopes } = launch.lineItems ?? {};
  // What the next request needs is in the page, signed, so that it needs no cookie.
  const ticket = launch.isLearner && lineItem && signJwtSync(
    { aud: 'answer', sub: launch.user.id, exp: Math.floor(Date.now() / 1000) + 3600, lineItem, scopes }, { secret },
  );
  res.set('Set-Cookie', launch.clearCookie).send(pages.question(launch, ticket));
});

// 3. The student answers, and Canvas is told the points.
app.post('/answer', async (req, res) => {
  const { ticket = '', answer } = req.body ?? {};
  const { claims } = verifyJwtSync(ticket, { secret }, { audience: 'answer', requiredClaims: ['exp'] });
  const { lineItem, scopes } = claims;
  const services = new LtiServices({ platform, key, scopes, origins: [new URL(lineItem).origin] });
  const scoreGiven = answer === 'Cicero' ? 1 : 0;
  await services.postScore(lineItem, {
    userId: claims.sub, scoreGiven, scoreMaximum: 1, activityProgress: 'Completed', gradingProgress: 'FullyGraded',
  });
  res.send(pages.answered(scoreGiven));
});

// An error of the package says what was found and what to change; its report, with every check, is for the log.
app.use((error, req, res, next) => {
  if (!isTokenError(error)) return next(error);
  console.error(error);
  res.status(403).send(pages.refused(error));
});

app.listen(port, () => console.log(`The tool listens on port ${port}`));
