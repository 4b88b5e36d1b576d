import { useTags } from "@/api/saved";
import { useProject } from "@/app/project";
import { Combobox } from "@/design";

const EVERY = "*";

interface TagChoiceProps {
  readonly tag: string | undefined;
  readonly onChange: (tag: string | undefined) => void;
}

/** Narrows a list to one tag. */
export function TagChoice({ tag, onChange }: TagChoiceProps) {
  const project = useProject();
  const known = useTags(project.id).data?.items ?? [];
  const options = [{ value: EVERY, label: "Every tag" }, ...known.map(({ tag: value, count }) => ({ value, detail: count }))];
  return <Combobox label="Tag" shape="chip" value={tag ?? EVERY} options={options} onChange={(next) => onChange(next === EVERY ? undefined : next)} searchPlaceholder="Find a tag" />;
}
