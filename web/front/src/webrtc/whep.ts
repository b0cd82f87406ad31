/**
 * A WHEP player (draft-ietf-wish-whep): one POST with an offer, media comes, one DELETE.
 *
 * The server is ICE-lite with public candidates in its answer, so there is nothing to gather and nothing to trickle.
 */

import { t } from "../shared/i18n";
import { turnServers } from "./ice-servers";
import { restart } from "./restart";
import { TIMES as VIGIL, Vigil, type Received, type VigilTimes } from "./vigil";

export type WhepFault = "unsupported" | "refused" | "unreachable" | "no_path" | "stopped";

export class WhepError extends Error {
  constructor(readonly fault: WhepFault, message: string, readonly status = 0) {
    super(message);
  }
}

/** The browser's parts that a test replaces. */
export interface WhepParts {
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  peer: ((configuration: RTCConfiguration) => RTCPeerConnection) | null;
  stream: () => MediaStream;
}

export function browserParts(): WhepParts {
  return {
    fetch: (url, init) => fetch(url, init),
    peer: typeof RTCPeerConnection === "undefined" ? null : (configuration) => new RTCPeerConnection(configuration),
    stream: () => new MediaStream(),
  };
}

export interface WhepWishes {
  /** Without, only sound is asked for. */
  picture?: boolean;
  /** TURN servers: with any, no other path is tried. */
  relays?: readonly RTCIceServer[];
}

export interface WhepTimes {
  /** From the call of `start` to media that can flow. */
  connectMs: number;
  /** From an answer that names TURN servers to media by a direct path, before those are the better bet. */
  directMs: number;
  /** How long the answer to a restart is waited for. */
  answerMs: number;
}

const TIMES: WhepTimes & VigilTimes = { connectMs: 5000, directMs: 3000, answerMs: 2000, ...VIGIL };

export class WhepSession {
  /** Called once when a session that worked stops working. */
  onLost: () => void = () => {};
  /** Called when nothing comes and the session is not given up yet, and again when something does. */
  onSilence: (silent: boolean) => void = () => {};
  /** The TURN servers that the answer named. */
  relays: readonly RTCIceServer[] = [];

  private connection: RTCPeerConnection | null = null;
  private session: string | null = null;
  private answer = "";
  private silent = false;
  private watcher: ReturnType<typeof setInterval> | null = null;
  private patience: ReturnType<typeof setTimeout> | undefined;
  private fail: ((error: WhepError) => void) | null = null;
  private stopped = false;

  constructor(
    private readonly url: string,
    private readonly wishes: WhepWishes = {},
    private readonly parts: WhepParts = browserParts(),
    private readonly times: WhepTimes & VigilTimes = TIMES,
  ) {}

  /** Connect. Rejects with `WhepError`, and has cleaned up after itself then. */
  async start(): Promise<MediaStream> {
    const given = new Promise<never>((_, reject) => (this.fail = reject));
    this.giveUpIn(this.times.connectMs);
    try {
      const stream = await Promise.race([this.connect(), given]);
      this.watch();
      return stream;
    } catch (error) {
      this.stop();
      throw error instanceof WhepError ? error : new WhepError("refused", String(error));
    } finally {
      clearTimeout(this.patience);
      this.fail = null;
    }
  }

  /** Hang up: tells the server, which would notice only seconds later. */
  stop(): void {
    if (this.stopped) return;
    this.stopped = true;
    if (this.watcher) clearInterval(this.watcher);
    this.connection?.close();
    this.fail?.(new WhepError("stopped", "stopped"));
    this.release();
  }

  private giveUpIn(ms: number): void {
    clearTimeout(this.patience);
    this.patience = setTimeout(() => this.fail?.(noPath()), ms);
  }

  private release(): void {
    if (!this.session) return;
    // The server forgets a silent session by itself: a lost DELETE costs it seconds, and there is nobody to tell.
    this.parts.fetch(this.session, { method: "DELETE", keepalive: true }).catch(() => undefined);
    this.session = null;
  }

  private async connect(): Promise<MediaStream> {
    if (!this.parts.peer) throw new WhepError("unsupported", t("This browser has no WebRTC."));
    const relays = [...(this.wishes.relays ?? [])];
    const connection = this.parts.peer({
      iceServers: relays, iceTransportPolicy: relays.length ? "relay" : "all", bundlePolicy: "max-bundle",
    });
    this.connection = connection;
    const stream = this.parts.stream();
    connection.addEventListener("track", (event) => stream.addTrack(event.track));
    if (this.wishes.picture !== false) connection.addTransceiver("video", { direction: "recvonly" });
    connection.addTransceiver("audio", { direction: "recvonly" });
    const connected = whenConnected(connection);
    await connection.setLocalDescription(await connection.createOffer());
    this.answer = await this.post(connection.localDescription?.sdp ?? "");
    if (this.stopped) {
      this.release();
      throw new WhepError("stopped", "stopped");
    }
    if (!relays.length && this.relays.length) this.giveUpIn(this.times.directMs);
    await connection.setRemoteDescription({ type: "answer", sdp: this.answer });
    await connected;
    return stream;
  }

  private async post(offer: string): Promise<string> {
    let response: Response;
    try {
      response = await this.parts.fetch(this.url, {
        method: "POST",
        headers: { "Content-Type": "application/sdp", Accept: "application/sdp" },
        body: offer,
      });
    } catch {
      throw new WhepError("unreachable", t("The meeting server cannot be reached."));
    }
    if (response.status !== 201) throw new WhepError("refused", await reason(response), response.status);
    const location = response.headers.get("Location");
    this.relays = turnServers(response.headers.get("Link"));
    // A full house sends its players on (307): the session is where the answer came from (RFC 9110 section 10.2.2).
    if (location) this.session = new URL(location, response.url || new URL(this.url, document.baseURI)).href;
    return response.text();
  }

  private watch(): void {
    const vigil = new Vigil(this.times);
    this.watcher = setInterval(() => void this.look(vigil), this.times.lookMs);
  }

  private async look(vigil: Vigil): Promise<void> {
    const { connection } = this;
    if (!connection || this.stopped) return;
    const come = await received(connection);
    if (this.stopped) return;
    const verdict = vigil.look(come, connection.connectionState);
    if (verdict === "lost") {
      this.stop();
      this.onLost();
      return;
    }
    if (verdict === "restart") void this.restart(connection, vigil);
    if (vigil.silent === this.silent) return;
    this.silent = vigil.silent;
    this.onSilence(this.silent);
  }

  /** Look for another way to the same session. */
  private async restart(connection: RTCPeerConnection, vigil: Vigil): Promise<void> {
    const { session, times: { answerMs }, parts: { fetch } } = this;
    try {
      const outcome = session ? await restart(connection, session, this.answer, { fetch, answerMs }) : "refused";
      // Of what is gone nobody takes leave: when a relay dies, a hall full of players would.
      if (outcome === "gone") this.session = null;
      vigil.tried(outcome);
    } catch (error) {
      // The browser did not like it, or the session was stopped meanwhile: a new one is the way that is left.
      if (!this.stopped) console.info("ICE could not be restarted", error);
      vigil.tried("refused");
    }
  }
}

function whenConnected(connection: RTCPeerConnection): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.addEventListener("connectionstatechange", () => {
      if (connection.connectionState === "connected") resolve();
      if (connection.connectionState === "failed") reject(noPath());
    });
  });
}

async function received(connection: RTCPeerConnection): Promise<Received> {
  const come = { media: 0, path: 0 };
  for (const report of (await connection.getStats()).values() as Iterable<{ type: string; bytesReceived?: number }>) {
    if (report.type === "inbound-rtp") come.media += report.bytesReceived ?? 0;
    if (report.type === "candidate-pair") come.path += report.bytesReceived ?? 0;
  }
  return come;
}

async function reason(response: Response): Promise<string> {
  const type = response.headers.get("Content-Type") ?? "";
  if (type.includes("json")) {
    const problem = (await response.json()) as { detail?: string; title?: string };
    if (problem.detail || problem.title) return problem.detail || problem.title || "";
  }
  return t("The meeting server refused the WebRTC connection.");
}

function noPath(): WhepError {
  return new WhepError("no_path", t("WebRTC does not get through this network."));
}
