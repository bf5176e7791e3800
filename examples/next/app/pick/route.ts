// The teacher has chosen: Canvas is told by a form that the browser posts.
import { readings } from '../../lib/readings';
import { page, tool } from '../../lib/tool';

export async function POST(request: Request) {
  const launch = await tool().session(request);
  if (!launch?.deepLinking) return page('<h1>Choose again, from Canvas</h1>', 403);
  const reading = String((await request.formData()).get('reading'));
  if (!Object.hasOwn(readings, reading)) return page('<h1>There is no such reading</h1>', 404);
  return tool().deepLink(launch, [{ type: 'ltiResourceLink', title: readings[reading].title, custom: { reading } }]);
}
