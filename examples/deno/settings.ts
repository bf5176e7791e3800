// What the environment says of this tool; no secret stands in the code.
import { canvasPlatform } from 'canvas-lms-tokens';

function needed(name: string): string {
  const value = Deno.env.get(name);
  if (!value) throw new Error(`${name} is not set: README.md says how to make .env`);
  return value;
}

const clientId = needed('CANVAS_CLIENT_ID');

export const platform = canvasPlatform({ clientId, baseUrl: Deno.env.get('CANVAS_URL') });
export const toolUrl = needed('TOOL_URL');
export const key: JsonWebKey = JSON.parse(needed('TOOL_KEY'));
export const port = Number(Deno.env.get('PORT') ?? 3000);
