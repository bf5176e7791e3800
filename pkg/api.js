// What every entry exports.
export {
  buildAssertion, decode, decryptJwe, deepLinkingResponse, encryptJwe, generateKey, inspect, isTokenError, parse,
  prepareKey, prepareSecret, register, requestAccessToken, signAssertion, signJws, signJwt, signJwtSync, stringify,
  thumbprint, unwrap, verifyJws, verifyJwt, verifyJwtSync, wrap,
} from './wasm/core_bg.js';
export {
  cachedToken, encryptedStore, publicJwks, remoteJwks, requestServiceToken, signClientAssertion,
} from './wasm/core_bg.js';
export { beginAuthorization, refreshUserToken, requestUserToken, revokeUserToken } from './wasm/core_bg.js';
export { beginLaunch, canvasPlatform, verifyLaunch, verifyNotice } from './wasm/core_bg.js';
export { Canvas } from './canvas.js';
export { LtiServices } from './lti_services.js';
export { platformStorage } from './platform-storage.js';
