import { useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useEffect, useRef } from "react";

import { ApiError } from "@/api";
import { useProject } from "@/app/project";
import { Button, toast } from "@/design";

import { saveFile } from "../insight/saveText";
import { fetchFile, type FileFormat } from "./files";

const FORMATS: readonly { readonly format: FileFormat; readonly label: string; readonly title: string }[] = [
  { format: "csv", label: "CSV", title: "All rows, also those not shown" },
  { format: "parquet", label: "Parquet", title: "All rows with their types, for data tools" },
];

/** Hands out the answer to the statement that was run last, whole; leaving the page ends it. */
export function FileButtons({ sql }: { readonly sql: string }) {
  const project = useProject();
  const leaving = useRef<AbortController | null>(null);
  useEffect(() => () => leaving.current?.abort(), []);
  const download = useMutation({
    mutationFn: (format: FileFormat) => {
      leaving.current = new AbortController();
      return fetchFile(project.id, sql, format, leaving.current.signal);
    },
    onSuccess: ({ name, content }) => saveFile(name, content),
    onError: (error) => leaving.current?.signal.aborted || toast(reasonOf(error), "bad"),
  });
  return FORMATS.map(({ format, label, title }) => (
    <Button
      key={format}
      variant="ghost"
      icon={<Download size={16} />}
      title={title}
      busy={download.isPending && download.variables === format}
      disabled={download.isPending && download.variables !== format}
      onClick={() => download.mutate(format)}
    >
      {label}
    </Button>
  ));
}

function reasonOf(error: unknown): string {
  if (error instanceof ApiError) return [error.message, error.hint].filter(Boolean).join(" ");
  return error instanceof Error ? error.message : "The file could not be made.";
}
