import { describe, expect, it } from "vitest";
import { turnServers } from "../src/webrtc/ice-servers";

const TURN = '<turn:turn.test:3478?transport=udp>; rel="ice-server"; username="1790000000:m"; credential="a+b/c="; credential-type="password"';

describe("the ICE servers of an answer", () => {
  it("are taken as browsers want them, several in one line", () => {
    const line = `${TURN}, <turns:turn.test:443?transport=tcp>; rel=ice-server; username="x, \\"y\\""; credential=plain`;
    expect(turnServers(line)).toEqual([
      { urls: "turn:turn.test:3478?transport=udp", username: "1790000000:m", credential: "a+b/c=" },
      { urls: "turns:turn.test:443?transport=tcp", username: 'x, "y"', credential: "plain" },
    ]);
  });

  it("are only those that pass media on and can be used", () => {
    expect(turnServers(null)).toEqual([]);
    expect(turnServers("")).toEqual([]);
    expect(turnServers('<stun:stun.test>; rel="ice-server"')).toEqual([]);
    expect(turnServers('<turn:turn.test>; rel="ice-server"')).toEqual([]);
    expect(turnServers(TURN.replace("ice-server", "next"))).toEqual([]);
    expect(turnServers("nonsense; rel=ice-server, <turn:")).toEqual([]);
  });
});
