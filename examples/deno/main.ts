// A document processor: Canvas tells it what students hand in, and it reports how many words there are.
import { isTokenError, LtiServices, type Notice, publicJwks, verifyNotice } from 'canvas-lms-tokens';
import { memoryStore } from 'canvas-lms-tokens/tool';
import { key, platform, port } from './settings.ts';

const CLAIM = 'https://purl.imsglobal.org/spec/lti/claim/';
// So that no notice is taken twice. Several processes need a store that they share.
const claimNonce = memoryStore();

Deno.serve({ port, onListen: ({ port }) => console.log(`The tool listens on port ${port}`) }, async (request) => {
  const { pathname } = new URL(request.url);
  if (request.method === 'GET' && pathname === '/jwks') return Response.json(publicJwks([key]));
  if (request.method !== 'POST' || pathname !== '/notices') return new Response('not found', { status: 404 });
  try {
    const { notices }: { notices: { jwt: string }[] } = await request.json();
    const verified = await Promise.all(notices.map(({ jwt }) => verifyNotice(jwt, { platforms: platform, claimNonce })));
    // Canvas waits seconds for the answer, and sends no notice again.
    for (const notice of verified) report(notice).catch((error) => console.error(`notice ${notice.id}:`, error));
    return new Response(null, { status: 202 });
  } catch (error) {
    if (!isTokenError(error)) throw error;
    console.error(error);
    return Response.json({ code: error.code, error: error.message }, { status: 403 });
  }
});

interface Asset { asset_id: string; url: string; content_type?: string; sha256_checksum?: string }

async function report(notice: Notice) {
  console.log(`${notice.type} of ${notice.timestamp}`);
  if (notice.type !== 'LtiAssetProcessorSubmissionNotice') return;
  const { assets } = notice.claims[`${CLAIM}assetservice`] as unknown as { assets: Asset[] };
  const { report_url } = notice.claims[`${CLAIM}assetreport`] as unknown as { report_url: string };
  const services = LtiServices.for(notice, { key });
  for (const asset of assets) {
    const about = { assetId: asset.asset_id, type: 'words', title: 'Words', priority: 0 };
    if (asset.content_type !== 'text/plain') {
      await services.postAssetReport(report_url, { ...about, processingProgress: 'Failed', errorCode: 'UNSUPPORTED_ASSET_TYPE' });
      continue;
    }
    const { bytes } = await services.asset(asset);
    const words = new TextDecoder().decode(bytes).split(/\s+/).filter(Boolean).length;
    await services.postAssetReport(report_url, { ...about, processingProgress: 'Processed', result: `${words} words` });
  }
}
