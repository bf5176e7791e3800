// The tool's public key, which Canvas verifies its answers with.
import { publicJwks } from 'canvas-lms-tokens';
import { settings } from '../../../../lib/lti';

export const GET = () => Response.json(publicJwks([settings().key]));
