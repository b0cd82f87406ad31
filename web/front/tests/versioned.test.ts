import { describe, expect, it } from "vitest";
import { Newest, isNewer } from "../src/shared/versioned";

const at = (version: number, server_ms = 0) => ({ version, server_ms });

describe("the newest snapshot", () => {
  it("is the one with the higher version, whatever order they come in", () => {
    const newest = new Newest(at(4, 100));
    expect(newest.offer(at(6, 300))).toBe(true);
    expect(newest.offer(at(5, 200))).toBe(false);
    expect(newest.value.version).toBe(6);
  });

  it("of one version is the later, and never the same one twice", () => {
    expect(isNewer(at(4, 100), at(4, 200))).toBe(true);
    expect(isNewer(at(4, 100), at(4, 100))).toBe(false);
  });

  it("is believed from a server that was set back", () => {
    expect(isNewer(at(90, 0), at(3, 30_000))).toBe(false);
    expect(isNewer(at(90, 0), at(3, 90_000))).toBe(true);
  });

  it("hands every server time on, also of a snapshot that is not newer", () => {
    const heard: number[] = [];
    const newest = new Newest(at(2, 10), (ms) => heard.push(ms));
    newest.offer(at(1, 20));
    expect(heard).toEqual([10, 20]);
  });
});
