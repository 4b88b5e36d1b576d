import { act, screen, waitFor } from "@testing-library/react";
import { useState } from "react";
import { expect, test, vi } from "vitest";

import { ApiError } from "@/api/client";
import { show } from "@/testing/render";

import { Button, Checkbox, CodeBlock, Combobox, ConfirmDialog, Dialog, Field, Input, Panel, panelState, SegmentedControl, Table, toast, Toaster } from ".";

test("a busy button keeps its name and ignores clicks", async () => {
  const onClick = vi.fn();
  const { user } = show(<Button busy onClick={onClick}>Save</Button>);
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(onClick).not.toHaveBeenCalled();
});

test("a field ties its label, hint and error to the control", () => {
  show(<Field label="Time zone" hint="For every chart." error="must be known">{(ids) => <Input {...ids} />}</Field>);
  const input = screen.getByLabelText("Time zone");
  expect(input).toBeInvalid();
  expect(input).toHaveAccessibleDescription("Must be known For every chart.");
});

test("a combobox narrows its options and takes one with the keyboard", async () => {
  const onChange = vi.fn();
  const { user } = show(<Combobox label="Zone" value="UTC" options={[{ value: "UTC" }, { value: "Europe/Berlin" }, { value: "Europe/Paris" }]} onChange={onChange} />);
  await user.click(screen.getByRole("combobox", { name: "Zone" }));
  await screen.findByText("Europe/Paris");
  await user.keyboard("berl{Enter}");
  expect(onChange).toHaveBeenCalledWith("Europe/Berlin");
});

test("a combobox asks for options while one types, and offers what was typed", async () => {
  const source = vi.fn((search: string) => Promise.resolve(search ? [] : [{ value: "signed_up" }]));
  const onChange = vi.fn();
  const { user } = show(<Combobox label="Event" value={null} options={source} freeText onChange={onChange} />);
  await user.click(screen.getByRole("combobox", { name: "Event" }));
  expect(await screen.findByText("signed_up")).toBeVisible();
  await user.keyboard("my_event");
  await waitFor(() => expect(source).toHaveBeenLastCalledWith("my_event", expect.anything()));
  await user.click(await screen.findByText("Use “my_event”"));
  expect(onChange).toHaveBeenCalledWith("my_event");
});

test("a combobox whose source fails says so", async () => {
  const { user } = show(<Combobox label="Event" value={null} options={() => Promise.reject(new Error("away"))} onChange={vi.fn()} />);
  await user.click(screen.getByRole("combobox", { name: "Event" }));
  expect(await screen.findByText("The list could not be loaded.")).toBeVisible();
});

test("deleting needs the name typed", async () => {
  const onConfirm = vi.fn();
  const { user } = show(<ConfirmDialog open onOpenChange={vi.fn()} title="Delete Shop?" description="For good." action="Delete" typeToConfirm="Shop" onConfirm={onConfirm} />);
  expect(screen.getByRole("button", { name: "Delete" })).toBeDisabled();
  await user.type(screen.getByLabelText(/Type “Shop”/), "Shop");
  await user.click(screen.getByRole("button", { name: "Delete" }));
  expect(onConfirm).toHaveBeenCalledOnce();
});

test("a panel that failed shows why, the request and a retry; another stays", async () => {
  const refetch = vi.fn();
  const error = new ApiError({ type: "", title: "Query too expensive", status: 422, code: "query_too_expensive", detail: "It read too many rows.", hint: "Choose a shorter period." }, new Response(null, { headers: { "x-request-id": "r-9" } }));
  const { user } = show(
    <>
      <Panel title="Broken" state={panelState({ isPending: false, isError: true, error, refetch })}>never</Panel>
      <Panel title="Fine">content</Panel>
    </>,
  );
  expect(screen.getByRole("alert")).toHaveTextContent("It read too many rows. Choose a shorter period.");
  expect(screen.getByText("r-9")).toBeVisible();
  expect(screen.getByText("content")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(refetch).toHaveBeenCalledOnce();
});

test("missing rights are told apart from failures", () => {
  const error = new ApiError({ type: "", title: "Forbidden", status: 403, code: "forbidden", detail: "Needs members:write." });
  show(<Panel title="Members" state={{ kind: "error", error }} />);
  expect(screen.getByText("You cannot see this")).toBeVisible();
  expect(screen.queryByRole("alert")).toBeNull();
});

test("panelState goes through loading, empty, partial and ready", () => {
  const query = { isPending: false, isError: false, error: null, refetch: vi.fn() };
  expect(panelState({ ...query, isPending: true }).kind).toBe("loading");
  expect(panelState(query, { empty: { kind: "empty", why: "no-match", title: "None" } }).kind).toBe("empty");
  expect(panelState(query, { warnings: ["cut"] }).kind).toBe("partial");
  expect(panelState(query).kind).toBe("ready");
});

test("a table head sorts, first downwards", async () => {
  const onSort = vi.fn();
  const columns = [{ key: "count", header: "Count", cell: (row: number) => row, numeric: true, sortable: true }];
  const { user } = show(<Table caption="Counts" columns={columns} rows={[1, 2]} rowKey={String} sort={{ key: "count", direction: "descending" }} onSort={onSort} />);
  expect(screen.getByRole("columnheader", { name: "Count" })).toHaveAttribute("aria-sort", "descending");
  await user.click(screen.getByRole("button", { name: "Count" }));
  expect(onSort).toHaveBeenCalledWith({ key: "count", direction: "ascending" });
});

test("a segmented control never loses its choice", async () => {
  const onChange = vi.fn();
  const { user } = show(<SegmentedControl label="Period" value="day" options={[{ value: "day", label: "Day" }, { value: "week", label: "Week" }]} onChange={onChange} />);
  await user.click(screen.getByText("Day"));
  expect(onChange).not.toHaveBeenCalled();
  await user.click(screen.getByText("Week"));
  expect(onChange).toHaveBeenCalledWith("week");
  expect(screen.getByRole("radio", { name: "Day" })).toBeChecked();
});

test("a checkbox is found and switched by its label", async () => {
  const onChange = vi.fn();
  const { user } = show(<Checkbox label="query:read" hint="Run queries" checked={false} onChange={onChange} />);
  await user.click(screen.getByLabelText("query:read"));
  expect(onChange).toHaveBeenCalledWith(true);
});

test("code is copied, and that is said", async () => {
  const { user } = show(<CodeBlock label="curl" code="curl x" />);
  await user.click(screen.getByRole("button", { name: "Copy" }));
  expect(await navigator.clipboard.readText()).toBe("curl x");
  expect(screen.getByRole("status")).toHaveTextContent("Copied");
});

test("a toast appears in the status region and can be closed", async () => {
  const { user } = show(<Toaster />);
  act(() => toast("Saved."));
  expect(screen.getByRole("status")).toHaveTextContent("Saved.");
  await user.click(screen.getByRole("button", { name: "Close" }));
  expect(screen.queryByText("Saved.")).toBeNull();
});

test("a dialog whose field takes the focus gives it back to what opened it", async () => {
  function Opener() {
    const [open, setOpen] = useState(false);
    return (
      <>
        <Button onClick={() => setOpen(true)}>Rename</Button>
        {open && (
          <Dialog open onOpenChange={setOpen} title="Rename">
            <Input autoFocus aria-label="Name" />
          </Dialog>
        )}
      </>
    );
  }
  const { user } = show(<Opener />);
  await user.click(screen.getByRole("button", { name: "Rename" }));
  expect(screen.getByLabelText("Name")).toHaveFocus();
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.getByRole("button", { name: "Rename" })).toHaveFocus());
});
