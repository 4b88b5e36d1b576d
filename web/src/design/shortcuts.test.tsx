import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { listenForShortcuts, useShortcut } from "./shortcuts";

let stop = () => undefined as void;
beforeEach(() => void (stop = listenForShortcuts()));
afterEach(() => stop());

function Keys({ keys, run }: { keys: string; run: () => void }) {
  useShortcut({ keys, label: "Do it", group: "Test", run });
  return <input aria-label="Name" />;
}

test("g then a letter", async () => {
  const run = vi.fn();
  render(<Keys keys="g h" run={run} />);
  await userEvent.keyboard("h");
  expect(run).not.toHaveBeenCalled();
  await userEvent.keyboard("gh");
  expect(run).toHaveBeenCalledOnce();
});

test("letters typed into a field stay letters, the palette opens all the same", async () => {
  const letter = vi.fn();
  const palette = vi.fn();
  const { getAllByLabelText } = render(
    <>
      <Keys keys="c" run={letter} />
      <Keys keys="mod+k" run={palette} />
    </>,
  );
  await userEvent.click(getAllByLabelText("Name")[0] as HTMLElement);
  await userEvent.keyboard("c{Control>}k{/Control}");
  expect(letter).not.toHaveBeenCalled();
  expect(palette).toHaveBeenCalledOnce();
});

test("the newest holder of the same keys wins, and gives them back", async () => {
  const page = vi.fn();
  const dialog = vi.fn();
  render(<Keys keys="c" run={page} />);
  const { unmount } = render(<Keys keys="c" run={dialog} />);
  await userEvent.keyboard("c");
  unmount();
  await userEvent.keyboard("c");
  expect([page.mock.calls.length, dialog.mock.calls.length]).toEqual([1, 1]);
});
