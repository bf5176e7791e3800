// A document processor: Canvas tells it what students hand in, and it reports how many words there are.
import { isTokenError, LtiServices, type Notice, publicJwks, verifyNotice } from 'canvas-lms-tokens';
import { memoryStore } from 'canvas-lms-tokens/tool';
import { key, platform, port } from './settings.ts';

// So that no notice is taken twice. Several processes need a store that they share.
const claimNonce = memoryStore();

Deno.serve({ port, onListen: ({ port }) => console.log(`The tool listens on port ${port}`) }, async (request) => {
  const { pathname } = new URL(request.url);
  if (request.method === 'GET' && pathname === '/jwks') return Response.json(publicJwks([key]));
  if (request.method !== 'POST' || pathname !== '/notices') return new Response('not found', { status: 404 });
  const { notices } = await request.json().catch(() => ({})) as { notices?: { jwt: string }[] };
  if (!Array.isArray(notices) || notices.length > 100) return new Response('expected up to 100 notices', { status: 400 });
  const results = await Promise.allSettled(notices.map(({ jwt }) => verifyNotice(jwt, { platforms: platform, claimNonce })));
  for (const result of results) {
    // Canvas waits seconds for the answer, and sends no notice again: a good one is taken, whatever came with it.
    if (result.status === 'fulfilled') report(result.value).catch((error) => console.error(`notice ${result.value.id}:`, error));
    else console.error(result.reason);
  }
  const refused = results.find((result) => result.status === 'rejected');
  if (!refused) return new Response(null, { status: 202 });
  if (!isTokenError(refused.reason)) throw refused.reason;
  return Response.json({ code: refused.reason.code, error: refused.reason.message }, { status: 403 });
});

async function report(notice: Notice) {
  console.log(`${notice.type} of ${notice.timestamp}`);
  if (notice.type !== 'LtiAssetProcessorSubmissionNotice') return;
  const service = notice.claims['https://purl.imsglobal.org/spec/lti/claim/assetservice'];
  const reports = notice.claims['https://purl.imsglobal.org/spec/lti/claim/assetreport'];
  if (!service || !reports) throw new Error('it names no assets, or no place for reports');
  const services = LtiServices.for(notice, { key });
  for (const asset of service.assets) {
    const about = { assetId: asset.asset_id, type: 'words', title: 'Words', priority: 0 };
    if (asset.content_type !== 'text/plain') {
      await services.postAssetReport(reports.report_url, { ...about, processingProgress: 'Failed', errorCode: 'UNSUPPORTED_ASSET_TYPE' });
      continue;
    }
    const { bytes } = await services.asset(asset);
    const words = new TextDecoder().decode(bytes).split(/\s+/).filter(Boolean).length;
    await services.postAssetReport(reports.report_url, { ...about, processingProgress: 'Processed', result: `${words} words` });
  }
}
