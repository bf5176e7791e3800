// A tool: its key, its platform, and launches as verifying gives them.
import { generateKey } from 'canvas-lms-tokens';

export const KEY = await generateKey('RS256', { kid: 'tool-key-1' });

export const PLATFORM = {
  issuer: 'https://canvas.instructure.com',
  clientId: '10000000000042',
  authorizationEndpoint: 'https://sso.canvaslms.com/api/lti/authorize_redirect',
  tokenEndpoint: 'https://sso.canvaslms.com/login/oauth2/token',
  jwksUri: 'https://sso.canvaslms.com/api/lti/security/jwks',
};

export const canvasLaunch = (changes = {}) => ({
  messageType: 'LtiResourceLinkRequest', platform: PLATFORM, deploymentId: '1:a', claims: {}, ...changes,
});
