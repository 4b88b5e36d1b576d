import { Code, Download, Link2 } from "lucide-react";
import { useState, type ReactNode } from "react";

import { Button, useCopy } from "@/design";

import type { QueryRequest } from "../shared/answers";
import { toCsv, type CsvValue } from "./csv";
import { saveText } from "./saveText";
import { SqlDialog } from "./SqlDialog";

export type CsvTable = () => readonly (readonly CsvValue[])[];

interface ResultActionsProps {
  readonly request: QueryRequest;
  /** Buttons that hand the answer out as files. */
  readonly files: ReactNode;
}

/** Ways to take a report elsewhere: its address, its numbers, its query. */
export function ResultActions({ request, files }: ResultActionsProps) {
  const [copied, copy] = useCopy();
  const [showsSql, setShowsSql] = useState(false);
  return (
    <>
      <Button variant="ghost" icon={<Code size={16} />} onClick={() => setShowsSql(true)}>
        Show SQL
      </Button>
      <Button variant="ghost" icon={<Link2 size={16} />} onClick={() => copy(location.href)}>
        {copied ? "Copied" : "Copy link"}
      </Button>
      {files}
      {showsSql && <SqlDialog request={request} onClose={() => setShowsSql(false)} />}
    </>
  );
}

/** What is shown as a file. */
export function CsvButton({ name, csv }: { readonly name: string; readonly csv: CsvTable }) {
  return (
    <Button variant="ghost" icon={<Download size={16} />} onClick={() => saveText(`${name}.csv`, "text/csv", toCsv(csv()))}>
      CSV
    </Button>
  );
}
