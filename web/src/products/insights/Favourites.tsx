import { useEffect } from "react";

import { useFavourites } from "@/api/saved";
import { useProject } from "@/app/project";
import { Tooltip } from "@/design";

import { InsightLink } from "./InsightLink";
import { kindOf } from "./kinds";

const MOST = 5;

interface FavouritesProps {
  readonly collapsed: boolean;
  readonly onNavigate: (() => void) | undefined;
  /** Class names of the sidebar this is part of. */
  readonly classNames: Readonly<Record<string, string | undefined>>;
  /** They come after the page and move what is below them. */
  readonly onShown: () => void;
}

/** The person's favourite insights, in the sidebar; nothing where there are none. */
export default function Favourites({ collapsed, onNavigate, classNames, onShown }: FavouritesProps) {
  const project = useProject();
  const insights = useFavourites(project.id, MOST).data?.items ?? [];
  const linked = insights.filter(({ kind }) => kindOf(kind).path !== undefined);
  const shown = linked.length;
  useEffect(() => {
    if (shown > 0) onShown();
  }, [shown, onShown]);
  if (shown === 0) return null;
  return (
    <section className={classNames.group} aria-label="Favourites">
      {!collapsed && (
        <h2 className={classNames.heading} aria-hidden="true">
          Favourites
        </h2>
      )}
      <ul>
        {linked.map((insight) => {
          const { icon: Icon } = kindOf(insight.kind);
          const link = (
            <InsightLink insight={insight} className={classNames.link} onClick={onNavigate}>
              <Icon size={16} aria-hidden="true" />
              <span className={collapsed ? "visually-hidden" : classNames.label}>{insight.name}</span>
            </InsightLink>
          );
          return <li key={insight.id}>{collapsed ? <Tooltip content={insight.name} side="right">{link}</Tooltip> : link}</li>;
        })}
      </ul>
    </section>
  );
}
