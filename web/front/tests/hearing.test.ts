import { describe, expect, it } from "vitest";
import { hearingWords } from "../src/console/hearing";

describe("viewers who cannot hear", () => {
  it("are counted in a sentence with the times", () => {
    const at = Date.UTC(2026, 10, 26, 19, 2);
    const words = hearingWords({ people: 3, since_ms: at, last_ms: at + 180_000, seconds: 60 });
    expect(words).toMatch(/^3 viewers say that they cannot hear the meeting \(.*02.* to .*05.*\)\.$/);
  });

  it("name one time when there is one", () => {
    const at = Date.UTC(2026, 10, 26, 19, 2);
    const words = hearingWords({ people: 1, since_ms: at, last_ms: at + 20_000, seconds: 60 });
    expect(words).toMatch(/^1 viewer says that they cannot hear the meeting \([^ ]*02[^ ]*\)\.$/);
  });
});
