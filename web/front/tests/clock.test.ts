import { describe, expect, it } from "vitest";
import { ServerClock } from "../src/shared/clock";

describe("the server's clock", () => {
  it("is our own before anything was heard", () => {
    expect(new ServerClock(() => 5000).now()).toBe(5000);
  });

  it("corrects a device that is ten minutes slow", () => {
    let local = 1_000_000;
    const clock = new ServerClock(() => local);
    clock.heard(1_600_000);
    local += 250;
    expect(clock.now()).toBe(1_600_250);
  });

  it("believes the message that travelled fastest", () => {
    let local = 100_000;
    const clock = new ServerClock(() => local);
    clock.heard(local - 40);
    local += 1000;
    clock.heard(local - 900);
    expect(clock.offset).toBe(-40);
  });

  it("forgets what it heard before the device's clock was set", () => {
    let local = 100_000;
    const clock = new ServerClock(() => local);
    clock.heard(700_000);
    local = 701_000;
    clock.heard(701_000);
    expect(clock.offset).toBe(0);
  });
});
