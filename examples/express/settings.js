// What the environment says of this tool; no secret stands in the code.
import { canvasPlatform } from 'canvas-lms-tokens';

for (const name of ['TOOL_URL', 'TOOL_KEY', 'TOOL_SECRET', 'CANVAS_CLIENT_ID']) {
  if (!process.env[name]) throw new Error(`${name} is not set: README.md says how to make .env`);
}
const { TOOL_URL, TOOL_KEY, TOOL_SECRET, CANVAS_CLIENT_ID: clientId, CANVAS_URL: baseUrl } = process.env;

export const port = process.env.PORT ?? 3000;
export const platform = canvasPlatform({ clientId, baseUrl });
export const redirectUri = `${TOOL_URL}/launch`;
export const key = JSON.parse(TOOL_KEY);
export const secret = TOOL_SECRET;
