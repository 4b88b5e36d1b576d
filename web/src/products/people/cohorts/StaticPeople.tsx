import { FileUp, X } from "lucide-react";
import { useRef } from "react";

import { Button, Card, Field, IconButton } from "@/design";
import { formatNumber } from "@/lib/numbers";

import styles from "../shared/People.module.css";

export interface CsvFile {
  readonly name: string;
  readonly text: string;
}

/** Ids that were pasted, or a file with ids; a file goes before. */
export interface ListedPeople {
  readonly pasted: string;
  readonly file: CsvFile | null;
}

export const NO_PEOPLE: ListedPeople = { pasted: "", file: null };

/** One id per line, each once. */
export function readIds(pasted: string): string[] {
  return [...new Set(pasted.split(/\r?\n/).map((line) => line.trim()).filter(Boolean))];
}

interface StaticPeopleProps {
  readonly people: ListedPeople;
  readonly error: string | undefined;
  readonly onChange: (people: ListedPeople) => void;
}

/** Whom to put on the list: pasted ids or a CSV file. Nobody yet is fine too. */
export function StaticPeople({ people, error, onChange }: StaticPeopleProps) {
  const count = readIds(people.pasted).length;
  return (
    <Card className={styles.formCard}>
      {!people.file && (
        <Field label="Distinct ids" optional="one per line" error={error} hint={count > 0 ? `${formatNumber(count)} ${count === 1 ? "id" : "ids"}` : "Left empty, the list begins empty."}>
          {(ids) => <textarea {...ids} className={styles.area} spellCheck={false} value={people.pasted} onChange={(event) => onChange({ ...people, pasted: event.target.value })} />}
        </Field>
      )}
      <FileChoice file={people.file} onChange={(file) => onChange({ ...people, file })} />
      {people.file && error && (
        <p role="alert" className={styles.error}>
          {error}
        </p>
      )}
    </Card>
  );
}

interface FileChoiceProps {
  readonly file: CsvFile | null;
  readonly onChange: (file: CsvFile | null) => void;
}

export function FileChoice({ file, onChange }: FileChoiceProps) {
  const input = useRef<HTMLInputElement>(null);
  const read = async (chosen: File | undefined) => {
    if (chosen) onChange({ name: chosen.name, text: await chosen.text() });
  };
  return (
    <div className={styles.toolbar}>
      <input ref={input} type="file" accept=".csv,text/csv,text/plain" hidden aria-label="CSV file" onChange={(event) => void read(event.target.files?.[0])} />
      {file ? (
        <>
          <span>{file.name}</span>
          <IconButton label={`Take ${file.name} away`} icon={<X size={16} />} onClick={() => onChange(null)} />
        </>
      ) : (
        <>
          <Button icon={<FileUp size={16} />} onClick={() => input.current?.click()}>
            Take a CSV file
          </Button>
          <span className={styles.quiet}>Ids in a column “distinct_id”, or in the first.</span>
        </>
      )}
    </div>
  );
}
