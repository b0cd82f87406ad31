import { afterEach, describe, expect, it } from "vitest";
import { said, setSentences, setStrings } from "../src/shared/i18n";

describe("a sentence of the server", () => {
  afterEach(() => {
    setStrings({}, "en");
    setSentences([]);
  });

  it("is itself in English", () => {
    expect(said("Anything at all.")).toBe("Anything at all.");
  });

  it("is found again in Welsh with what differs, and known to be missing", () => {
    setSentences(["The public have been excluded", "The public have been excluded for item %(number)s", "Due to start at %(time)s"]);
    setStrings({ "The public have been excluded for item %(number)s": "Eithriwyd ar gyfer eitem %(number)s", "Due to start at %(time)s": "I ddechrau am %(time)s" }, "cy");
    expect(said("The public have been excluded for item 9")).toBe("Eithriwyd ar gyfer eitem 9");
    expect(said("Due to start at 18:30")).toBe("I ddechrau am 18:30");
    expect(said("The lift is broken.")).toBeNull();
  });
});
