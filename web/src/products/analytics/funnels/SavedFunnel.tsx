import { useInsights } from "@/api";
import { useProject } from "@/app/project";
import { Combobox } from "@/design";

import { readRules, type FunnelRules } from "./rules";

const MOST_SAVED = 100;

/** A choice among the funnels that were saved; nothing while there is none. */
export function SavedFunnel({ onPick }: { readonly onPick: (funnel: FunnelRules) => void }) {
  const project = useProject();
  const items = useInsights(project.id, { kind: "funnel", limit: MOST_SAVED }).data?.items ?? [];
  if (items.length === 0) return null;
  const take = (id: string) => {
    const funnel = readRules(items.find((one) => String(one.id) === id)?.query);
    if (funnel) onPick(funnel);
  };
  return <Combobox label="Take a saved funnel" value={null} options={items.map(({ id, name }) => ({ value: String(id), label: name }))} onChange={take} placeholder="Take a saved funnel" searchPlaceholder="Find a funnel" />;
}
