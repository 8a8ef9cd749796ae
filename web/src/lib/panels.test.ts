import { expect, test } from "vitest";
import { closePanel, showPanel, usePanels } from "./panels";

test("a panel that closes late leaves the one that came after it", () => {
  showPanel("help");
  showPanel("share", "c1");
  closePanel("help");
  expect(usePanels.getState()).toMatchObject({ panel: "share", about: "c1" });
  closePanel("share");
  expect(usePanels.getState()).toMatchObject({ panel: null, about: null });
});
