// The suite in a worker: answers /?length=… with the names, then /?name=… with results.
import { everywhere } from './libraries.mjs';
import { openSuite } from './suite.mjs';

let suite;

export default {
  async fetch(request) {
    const { searchParams } = new URL(request.url);
    try {
      suite ??= await openSuite([everywhere], searchParams.get('length'));
      return Response.json(searchParams.has('name') ? await suite.run(searchParams.get('name')) : suite.names);
    } catch (error) {
      return Response.json({ error: String(error?.stack ?? error) });
    }
  },
};
