import * as t from 'canvas-lms-tokens'; import * as jose from 'jose'; import { createSigner, createVerifier, createDecoder } from 'fast-jwt';
const now = Math.floor(Date.now() / 1000), aud = 'https://my.canvas-domain.com/api/lti/accounts/1/authorize', secret = 'tool-proxy-shared-secret-tool-proxy-shared';
const claims = { sub: '123123-ad13-ac233', aud, exp: now + 3600, iat: now, jti: '688700c2-4bc1-40b7-83e5-7cbf54f93305' };
const tok = t.signAssertion(claims, secret), fs = createSigner({ key: secret, noTimestamp: true }), fv = createVerifier({ key: secret, cache: false, allowedAud: aud }), fd = createDecoder();
const ps = t.prepareSecret(secret);
const fns = { 'ours sign': () => t.signAssertion(claims, secret), 'ours sign prepared': () => t.signAssertion(claims, ps), 'fast sign': () => fs(claims),
 'ours verify': () => t.verifyJwtSync(tok, { secret }, { audience: aud }), 'ours verify prepared': () => t.verifyJwtSync(tok, ps, { audience: aud }), 'fast verify': () => fv(tok),
 'ours decode': () => t.decode(tok), 'jose decode': () => [jose.decodeProtectedHeader(tok), jose.decodeJwt(tok)], 'fast decode': () => fd(tok) };
const best = {}; for (const [k,f] of Object.entries(fns)) for (let i=0;i<20000;i++) f();
for (let r=0;r<7;r++) for (const [k,f] of Object.entries(fns)) { const s=performance.now(); for (let i=0;i<5000;i++) f(); best[k]=Math.min(best[k]??1e9,(performance.now()-s)/5); }
for (const [k,v] of Object.entries(best)) console.log(k.padEnd(26), v.toFixed(2),'µs');
