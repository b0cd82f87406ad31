/** The chair's view of one meeting. */

import { render } from "preact";
import { Chair } from "./chair/app";
import { Desk, type ConsolePage } from "./console/desk";
import { readPage } from "./shared/page";

const root = document.getElementById("chair-app");
if (root) {
  const desk = new Desk(readPage<ConsolePage>());
  root.replaceChildren();
  render(<Chair desk={desk} />, root);
}
