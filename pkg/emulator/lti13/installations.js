// Where a tool is installed, which makes its deployments, and what a launch happens in.

/** "<local id>:<opaque id of the context it is installed in>". */
export function deploymentId(canvas, tool) {
  return `${canvas.localId(tool.id)}:${homeOf(canvas, tool).ltiId}`;
}

/** The course or account that a tool is installed in. */
export const homeOf = (canvas, { courseId, accountId }) =>
  courseId === undefined ? canvas.find('accounts', accountId ?? canvas.rootAccount().id) : canvas.find('courses', courseId);

/** A course's account, and those above it. */
export function accountChain(canvas, { kind, ...context }) {
  const chain = [];
  let at = kind === 'accounts' ? canvas.find('accounts', context.id) : canvas.find('accounts', context.accountId);
  // An account that is its own ancestor ends the walk.
  while (at && !chain.includes(at)) {
    chain.push(at);
    at = at.parentId === undefined ? null : canvas.find('accounts', at.parentId);
  }
  const root = canvas.rootAccount();
  return chain.includes(root) ? chain : [...chain, root];
}

/** The course that a context is, or belongs to; null for an account. */
export function courseOf(canvas, context) {
  if (context.kind === 'courses') return canvas.find('courses', context.id);
  return context.kind === 'groups' ? canvas.find('courses', context.courseId) : null;
}

/** The installation of a developer key that a context sees, the nearest first; null where there is none. */
export function toolOf(canvas, key, context) {
  const course = courseOf(canvas, context);
  const homes = [course, ...accountChain(canvas, course ? { kind: 'courses', ...course } : context)];
  const tools = [...canvas.records.tools.values()].filter(
    (tool) => tool.active !== false && canvas.find('developerKeys', tool.developerKeyId) === key);
  for (const home of homes) {
    const found = home && tools.find((tool) => homeOf(canvas, tool) === home);
    if (found) return found;
  }
  return null;
}
