// Which addresses are a tool's own.

const hostOf = (url) => {
  try {
    return new URL(url).hostname;
  } catch {
    return null;
  }
};

/** By the domain of its key or one below it, or by the host that it is launched at. */
export function matchesTool(canvas, tool, url) {
  const key = canvas.find('developerKeys', tool.developerKeyId);
  const host = hostOf(url);
  if (!host) return false;
  const domain = key?.domain?.replace(/:\d+$/, '').toLowerCase();
  if (domain !== undefined && (host === domain || host.endsWith(`.${domain}`))) return true;
  return key?.targetLinkUri !== undefined && hostOf(key.targetLinkUri) === host;
}
