// Which addresses are a tool's own.

const hostOf = (url) => {
  try {
    return new URL(url).hostname;
  } catch {
    return null;
  }
};

/** By its domain or one below it, or by the host that it is launched at. */
export function matchesTool(canvas, tool, url) {
  const key = canvas.find('developerKeys', tool.developerKeyId);
  const host = hostOf(url);
  if (!host) return false;
  const domain = (tool.domain ?? key?.domain)?.replace(/:\d+$/, '').toLowerCase();
  return (domain !== undefined && (host === domain || host.endsWith(`.${domain}`)))
    || [tool.url, key?.targetLinkUri].some((own) => own !== undefined && hostOf(own) === host);
}
