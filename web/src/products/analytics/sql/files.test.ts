import { beforeEach, describe, expect, it, vi } from "vitest";

import { fetchFile, type FileFormat } from "./files";

const fetched = vi.fn<typeof fetch>();
const signal = new AbortController().signal;

beforeEach(() => {
  vi.stubGlobal("fetch", fetched);
  fetched.mockReset();
});

function answering(content: string, headers: Record<string, string> = {}) {
  fetched.mockResolvedValue(new Response(content, { headers }));
}

function asked(): unknown {
  return JSON.parse(fetched.mock.calls[0]?.[1]?.body as string);
}

describe("a file of an answer", () => {
  it.each<[FileFormat, object]>([
    ["csv", { for_spreadsheets: true }],
    ["parquet", {}],
  ])("is asked for without a limit: %s", async (format, more) => {
    answering("");
    await fetchFile(3, "SELECT 1", format, signal);
    expect(fetched.mock.calls[0]?.[0]).toBe("/api/v1/projects/3/query/export");
    expect(asked()).toEqual({ sql: "SELECT 1", format, ...more });
  });

  it("has the server's name and bytes", async () => {
    answering('"a"\n1\n', { "Content-Disposition": 'attachment; filename="sql-20260301-120000.csv"' });
    const { name, content } = await fetchFile(3, "SELECT 1 AS a", "csv", signal);
    expect([name, await content.text()]).toEqual(["sql-20260301-120000.csv", '"a"\n1\n']);
  });

  it("has a name where a proxy took it away", async () => {
    answering("");
    expect((await fetchFile(3, "SELECT 1", "parquet", signal)).name).toBe("sql.parquet");
  });

  it("is none where the server refuses", async () => {
    const problem = { title: "Unprocessable", status: 422, code: "query_too_expensive", detail: "Too many rows.", hint: "Give a limit." };
    fetched.mockResolvedValue(new Response(JSON.stringify(problem), { status: 422 }));
    await expect(fetchFile(3, "SELECT 1", "csv", signal)).rejects.toMatchObject({ message: "Too many rows.", hint: "Give a limit." });
  });
});
