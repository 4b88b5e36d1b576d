import { Columns3 } from "lucide-react";

import { useCatalogueProperties } from "@/api";
import { useProject } from "@/app/project";
import { Button, Checkbox, Popover } from "@/design";
import { propertyName } from "@/products/analytics/shared/properties";

import styles from "./shared/People.module.css";

/** Shown first, where people have them; names and e-mail addresses are in the first column already. */
const TELLING = ["plan", "company", "role", "country", "$geoip_country_code"];
const DEFAULT_COLUMNS = 2;
const MOST_COLUMNS = 8;

function usePersonProperties(): string[] {
  const project = useProject();
  const items = useCatalogueProperties(project.id).data?.items ?? [];
  return items.filter(({ type }) => type === "person").map(({ name }) => name);
}

/** The columns of the address; else the two that tell most. */
export function useColumns(chosen: readonly string[] | undefined): readonly string[] {
  const known = usePersonProperties();
  return chosen ?? TELLING.filter((name) => known.includes(name)).slice(0, DEFAULT_COLUMNS);
}

interface ColumnPickerProps {
  readonly columns: readonly string[];
  readonly onChange: (columns: string[] | undefined) => void;
}

/** Which properties get a column. */
export function ColumnPicker({ columns, onChange }: ColumnPickerProps) {
  const known = usePersonProperties();
  const names = [...new Set([...columns, ...known])].sort((one, other) => propertyName(one).localeCompare(propertyName(other)));
  const put = (name: string, wanted: boolean) => {
    const next = wanted ? [...columns, name] : columns.filter((one) => one !== name);
    onChange(next.length > 0 ? next : undefined);
  };
  return (
    <Popover align="end" label="Columns" trigger={<Button className={styles.columnsButton} icon={<Columns3 size={16} />}>Columns</Button>}>
      {names.length === 0 && <p className={styles.quiet}>Nobody has properties yet.</p>}
      <div className={styles.columnList}>
        {names.map((name) => (
          <Checkbox key={name} label={propertyName(name)} checked={columns.includes(name)} disabled={!columns.includes(name) && columns.length >= MOST_COLUMNS} onChange={(wanted) => put(name, wanted)} />
        ))}
      </div>
    </Popover>
  );
}
