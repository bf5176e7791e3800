// What every entry exports.
export {
  buildAssertion, decode, decryptJwe, encryptJwe, generateKey, inspect, isTokenError, prepareKey, prepareSecret,
  requestAccessToken, signAssertion, signJws, signJwt, signJwtSync, thumbprint, unwrap, verifyJws, verifyJwt, verifyJwtSync,
  wrap,
} from './wasm/core_bg.js';
export { Canvas } from './canvas.js';
export { platformStorage } from './platform-storage.js';
