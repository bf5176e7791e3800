// What every entry exports.
import { called, promised } from './calls.js';
import * as core from './wasm/core_bg.js';

export { isTokenError } from './wasm/core_bg.js';
export { Canvas } from './canvas.js';
export { LtiServices } from './lti_services.js';
export { platformStorage } from './platform-storage.js';

export const buildAssertion = (...given) => called(core.buildAssertion, given);
export const cachedToken = (...given) => called(core.cachedToken, given);
export const canvasPlatform = (...given) => called(core.canvasPlatform, given);
export const decode = (...given) => called(core.decode, given);
export const encryptedStore = (...given) => called(core.encryptedStore, given);
export const parse = (...given) => called(core.parse, given);
export const prepareSecret = (...given) => called(core.prepareSecret, given);
export const publicJwks = (...given) => called(core.publicJwks, given);
export const remoteJwks = (...given) => called(core.remoteJwks, given);
export const signAssertion = (...given) => called(core.signAssertion, given);
export const signJwtSync = (...given) => called(core.signJwtSync, given);
export const stringify = (...given) => called(core.stringify, given);
export const thumbprint = (...given) => called(core.thumbprint, given);
export const unwrap = (...given) => called(core.unwrap, given);
export const verifyJwtSync = (...given) => called(core.verifyJwtSync, given);
export const wrap = (...given) => called(core.wrap, given);

export const beginAuthorization = (...given) => promised(core.beginAuthorization, given);
export const beginLaunch = (...given) => promised(core.beginLaunch, given);
export const decryptJwe = (...given) => promised(core.decryptJwe, given);
export const deepLinkingResponse = (...given) => promised(core.deepLinkingResponse, given);
export const encryptJwe = (...given) => promised(core.encryptJwe, given);
export const generateKey = (...given) => promised(core.generateKey, given);
export const inspect = (...given) => promised(core.inspect, given);
export const prepareKey = (...given) => promised(core.prepareKey, given);
export const refreshUserToken = (...given) => promised(core.refreshUserToken, given);
export const register = (...given) => promised(core.register, given);
export const requestAccessToken = (...given) => promised(core.requestAccessToken, given);
export const requestServiceToken = (...given) => promised(core.requestServiceToken, given);
export const requestUserToken = (...given) => promised(core.requestUserToken, given);
export const revokeUserToken = (...given) => promised(core.revokeUserToken, given);
export const signClientAssertion = (...given) => promised(core.signClientAssertion, given);
export const signJws = (...given) => promised(core.signJws, given);
export const signJwt = (...given) => promised(core.signJwt, given);
export const verifyJws = (...given) => promised(core.verifyJws, given);
export const verifyJwt = (...given) => promised(core.verifyJwt, given);
export const verifyLaunch = (...given) => promised(core.verifyLaunch, given);
export const verifyNotice = (...given) => promised(core.verifyNotice, given);
