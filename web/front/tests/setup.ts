/**
 * All files of tests share one Preact. Effects that it had put off until a frame of a fake clock were never carried out,
 * and nor was any later one: it believes that the frame is still to come. They are put off for less than that here.
 */

import { options } from "preact";

(options as { requestAnimationFrame?: (then: () => void) => void }).requestAnimationFrame = queueMicrotask;
