// A tool as its author writes it.
import { canvasPlatform, type Launch, type Platform } from 'canvas-lms-tokens';
import { createTool, memoryStore, type Session, type Tool, type ToolContext } from 'canvas-lms-tokens/tool';

const platforms: Platform[] = [canvasPlatform({ clientId: '10000000000042' })];

const welcome = async (launch: Launch, { startSession, target }: ToolContext): Promise<Response> => {
  const session: Session = await startSession(launch, { lifetime: 60 });
  return new Response(`${launch.user?.name} ${session.code ?? ''} ${target ?? ''}`);
};

export const tool: Tool = createTool({
  platforms: async (issuer, clientId) => platforms.find((platform) => platform.issuer === issuer && platform.clientId === clientId),
  keys: [{ pem: '' }],
  secret: ['', new Uint8Array(32)],
  store: memoryStore({ characters: 1000 }),
  origin: 'https://tool.example',
  paths: { login: '/login' },
  onLaunch: welcome,
  onDeepLinking: (_launch, { deepLink }) => deepLink([{ type: 'link', url: 'https://tool.example/' }], { message: '' }),
  async onNotice({ claims }, { services }) {
    const { assets = [] } = claims['https://purl.imsglobal.org/spec/lti/claim/assetservice'] ?? {};
    const { report_url: url = '' } = claims['https://purl.imsglobal.org/spec/lti/claim/assetreport'] ?? {};
    for (const asset of assets) {
      const { bytes } = await services.asset(asset);
      await services.postAssetReport(url, {
        assetId: asset.asset_id, type: 'size', title: asset.filename ?? '', priority: 0, processingProgress: 'Processed', result: `${bytes.length}`,
      });
    }
  },
  onError(error, request) {
    if (error.code === 'ERR_STORE') return new Response(request.url, { status: 503 });
  },
  texts: ({ headers }) => (headers.get('accept-language') === 'fr' ? { language: 'fr', failures: { other: ['', ''] } } : undefined),
  claimNonce: false,
  registration: {
    tool: {
      client_name: 'Tool', 'client_name#de': 'Werkzeug',
      'https://purl.imsglobal.org/spec/lti-tool-configuration': {
        messages: [{ type: 'LtiResourceLinkRequest', placements: ['course_navigation'] }], claims: ['iss'],
      },
    },
    hosts: ['*.school.example'],
    approve: ({ host }) => host === 'canvas.school.example',
    registered: (platform) => { platforms.push(platform); },
  },
});

export async function own(request: Request): Promise<Response> {
  const answer = await tool.handle(request);
  if (answer) return answer;
  const launch = await tool.session(request);
  if (!launch) return new Response(null, { status: 403 });
  const { cookie } = await tool.startSession(launch);
  await tool.services(launch).postScore('', { userId: '', activityProgress: 'Completed', gradingProgress: 'FullyGraded' });
  return new Response(null, { headers: { 'Set-Cookie': cookie } });
}

// @ts-expect-error A store is needed.
createTool({ platforms, keys: [], secret: '', onLaunch: welcome });
// @ts-expect-error It is called onLaunch.
createTool({ platforms, keys: [], secret: '', store: memoryStore(), onlaunch: welcome });
// @ts-expect-error Nobody approves.
createTool({ platforms, keys: [], secret: '', store: memoryStore(), onLaunch: welcome, registration: { tool: {}, registered() {} } });
