// A harness that is never shipped: canned page-data, no server behind it. `npm run harness`, then open the links it prints.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { PAGES } from "./pages.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "..", "..", "static", "dist");
const TYPES = { js: "text/javascript", css: "text/css", json: "application/json" };
const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; media-src 'self' blob:; worker-src 'self'; base-uri 'none'";

const picture = (text, colour) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 360"><rect width="640" height="360" fill="${colour}"/><text x="320" y="190" font-family="Arial" font-size="34" fill="#fff" text-anchor="middle">${text}</text></svg>`;

createServer(async (request, response) => {
  const url = new URL(request.url, "http://localhost");
  const name = url.pathname.slice(1);
  const manifest = JSON.parse(await readFile(join(dist, "manifest.json"), "utf8"));
  if (PAGES[name]) {
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    response.setHeader("Content-Security-Policy", CSP);
    response.end(PAGES[name]((asset) => `/dist/${manifest[asset]}`));
  } else if (name.startsWith("dist/")) {
    response.setHeader("Content-Type", TYPES[name.split(".").at(-1)] ?? "text/plain");
    response.end(await readFile(join(dist, name.slice(5).replaceAll("/", ""))));
  } else if (name.startsWith("hls/") && process.env.HLS_DIR) {
    // Files that an ffmpeg writes: HLS_DIR=/some/where npm run harness
    try {
      const file = name.slice(4).replaceAll("/", "");
      response.setHeader("Content-Type", file.endsWith(".m3u8") ? "application/vnd.apple.mpegurl" : "video/mp4");
      response.setHeader("Cache-Control", "no-store");
      response.end(await readFile(join(process.env.HLS_DIR, file)));
    } catch {
      response.statusCode = 404;
      response.end();
    }
  } else if (name === "picture") {
    response.setHeader("Content-Type", "image/svg+xml");
    response.end(picture(url.searchParams.get("of") ?? "", url.searchParams.get("of") === "public" ? "#24506e" : "#3d5a3a"));
  } else if (!name) {
    response.setHeader("Content-Type", "text/html");
    response.end(Object.keys(PAGES).map((page) => `<p><a href="/${page}">${page}</a></p>`).join(""));
  } else {
    response.statusCode = 404;
    response.end();
  }
}).listen(Number(process.env.PORT ?? 8123), "127.0.0.1", () => console.log(Object.keys(PAGES).join(" ")));
