/** The whole answer to a statement as a file that the server writes. */
import { fetchAnswer } from "@/api";

export type FileFormat = "csv" | "parquet";

export interface SqlFile {
  readonly name: string;
  readonly content: Blob;
}

/** All rows, also those that no table shows. What opens a CSV from here is most likely a spreadsheet, which must not run what visitors sent. */
export async function fetchFile(project: number, sql: string, format: FileFormat, signal: AbortSignal): Promise<SqlFile> {
  const marks = format === "csv" ? { for_spreadsheets: true } : {};
  const answer = await fetchAnswer("POST", `/api/v1/projects/${project}/query/export`, { body: { sql, format, ...marks }, signal });
  return { name: nameOf(answer) ?? `sql.${format}`, content: await answer.blob() };
}

function nameOf(answer: Response): string | undefined {
  return /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "")?.[1];
}
