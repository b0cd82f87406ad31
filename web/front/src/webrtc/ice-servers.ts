/** The ICE servers that a WHEP answer names in its Link headers (RFC 9725 section 4.6, RFC 8288). */

const LINK = /<([^>]*)>((?:\s*;\s*[\w-]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s;,"]+))?)*)/g;
const PARAMETER = /;\s*([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]+))/g;

/** Those that pass media on. Browsers give all lines of a header as one, with commas between. */
export function turnServers(link: string | null): RTCIceServer[] {
  const found: RTCIceServer[] = [];
  for (const [, urls = "", rest = ""] of (link ?? "").matchAll(LINK)) {
    const said = parameters(rest);
    const username = said.get("username");
    const credential = said.get("credential");
    const names = (said.get("rel") ?? "").toLowerCase().split(/\s+/);
    // A browser throws at a TURN server without names.
    if (!names.includes("ice-server") || !/^turns?:/i.test(urls) || !username || !credential) continue;
    found.push({ urls, username, credential });
  }
  return found;
}

function parameters(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name = "", quoted, plain] of text.matchAll(PARAMETER)) {
    found.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, "$1") ?? plain ?? "");
  }
  return found;
}
