/** The console of one meeting. */

import { render } from "preact";
import { App } from "./console/app";
import { Desk, type ConsolePage } from "./console/desk";
import { shortcuts } from "./console/keyboard";
import { isRunning } from "./console/public-state";
import { listenForShortcuts } from "./console/shortcuts";
import { readPage } from "./shared/page";

const ASK_MS = 800;

const root = document.getElementById("console-app");
if (root) {
  const desk = new Desk(readPage<ConsolePage>());
  root.replaceChildren();
  render(<App desk={desk} />, root);
  listenForShortcuts({
    shortcuts: () => shortcuts(desk),
    dialogOpen: () => desk.dialog.peek() !== null,
    onFirstEscape: () => {
      desk.cutAsked.value = isRunning(desk.meeting.peek().state);
      setTimeout(() => (desk.cutAsked.value = false), ASK_MS);
    },
    onCut: () => {
      if (isRunning(desk.meeting.peek().state)) void desk.cut();
    },
  });
}
