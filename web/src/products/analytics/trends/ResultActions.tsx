import { Code, Download, Link2 } from "lucide-react";
import { useState } from "react";

import { Button, useCopy } from "@/design";

import type { Answer, TrendsRequest, TrendsResult } from "../shared/answers";
import { planRows, tableCsv } from "./plan";
import { saveText } from "./saveText";
import type { TrendsSearch } from "./search";
import { SqlDialog } from "./SqlDialog";

interface ResultActionsProps {
  readonly answer: Answer<TrendsResult>;
  readonly request: TrendsRequest;
  readonly search: TrendsSearch;
}

/** Ways to take a report elsewhere: its address, its numbers, its query. */
export function ResultActions({ answer, request, search }: ResultActionsProps) {
  const [copied, copy] = useCopy();
  const [showsSql, setShowsSql] = useState(false);
  const download = () => saveText("trends.csv", "text/csv", tableCsv(answer.result, planRows(answer.result, search)));
  return (
    <>
      <Button variant="ghost" icon={<Code size={16} />} onClick={() => setShowsSql(true)}>
        Show SQL
      </Button>
      <Button variant="ghost" icon={<Link2 size={16} />} onClick={() => copy(location.href)}>
        {copied ? "Copied" : "Copy link"}
      </Button>
      <Button variant="ghost" icon={<Download size={16} />} onClick={download}>
        CSV
      </Button>
      {showsSql && <SqlDialog request={request} onClose={() => setShowsSql(false)} />}
    </>
  );
}
