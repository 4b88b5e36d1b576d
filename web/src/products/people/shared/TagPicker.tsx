import { X } from "lucide-react";

import { useTags } from "@/api/saved";
import { useProject } from "@/app/project";
import { Combobox, type ControlIds } from "@/design";

import styles from "./People.module.css";

interface TagPickerProps {
  readonly ids?: ControlIds;
  readonly tags: readonly string[];
  readonly onChange: (tags: string[]) => void;
}

const MOST = 20;
const LONGEST = 60;

/** Tags of one thing: those the project has, or new ones as they are typed. */
export function TagPicker({ ids, tags, onChange }: TagPickerProps) {
  const project = useProject();
  const known = useTags(project.id).data?.items ?? [];
  const options = known.filter(({ tag }) => !tags.includes(tag)).map(({ tag, count }) => ({ value: tag, detail: count }));
  const add = (typed: string) => {
    const tag = typed.trim().slice(0, LONGEST);
    if (tag && !tags.includes(tag)) onChange([...tags, tag]);
  };
  return (
    <div className={styles.tagPicker}>
      {tags.map((tag) => (
        <span key={tag} className={styles.tagChip}>
          <span>{tag}</span>
          <button type="button" aria-label={`Remove the tag ${tag}`} onClick={() => onChange(tags.filter((one) => one !== tag))}>
            <X size={14} aria-hidden="true" />
          </button>
        </span>
      ))}
      {tags.length < MOST && <Combobox {...ids} {...(ids ? {} : { label: "Add a tag" })} shape="chip" value={null} placeholder="Add a tag" options={options} onChange={add} searchPlaceholder="Find or name a tag" freeText />}
    </div>
  );
}
