import { ArrowDown, ArrowUp, CircleDashed, Ellipsis, Trash2 } from "lucide-react";

import { Badge, Combobox, IconButton, Menu, MenuItem, MenuSeparator } from "@/design";

import { EventEntry } from "../insight/EventEntry";
import styles from "../insight/Insight.module.css";
import { Section } from "../insight/InsightPage";
import { ANY_EVENT, useEventOptions } from "../shared/catalogue";
import type { FunnelProps } from "./FunnelBuilder";
import { stepsOf } from "./plan";
import { MOST_STEPS, type StepState } from "./search";
import { actOn, keptExclusions, type StepAction } from "./steps";

export function StepsSection({ search, onChange }: FunnelProps) {
  const steps = stepsOf(search);
  const put = (next: StepState[]) => onChange({ steps: next, exclusions: keptExclusions(search.exclusions, next), attribution_step: undefined, from_step: undefined, to_step: undefined });
  return (
    <Section title="Steps">
      <ol className={styles.entries}>
        {steps.map((step, index) => (
          <li key={`${index}${step.event}`}>
            <EventEntry
              mark={index + 1}
              label={`Event of step ${index + 1}`}
              choice={step}
              onChange={(next) => put(steps.map((one, position) => (position === index ? next : one)))}
              actions={
                <StepMenu
                  index={index}
                  last={steps.length - 1}
                  optional={step.optional ?? false}
                  canBeOptional={index > 0 && search.order !== "unordered"}
                  onAction={(action) => put(actOn(steps, index, action))}
                />
              }
            >
              {step.optional && (
                <span>
                  <Badge>Optional</Badge>
                </span>
              )}
            </EventEntry>
          </li>
        ))}
      </ol>
      {steps.length < MOST_STEPS && <AddStep onAdd={(step) => put([...steps, step])} />}
    </Section>
  );
}

function AddStep({ onAdd }: { readonly onAdd: (step: StepState) => void }) {
  const events = useEventOptions();
  return (
    <Combobox label="Add a step" value={null} options={events} onChange={(event) => onAdd({ event: event === ANY_EVENT ? null : event })} placeholder="Add a step" searchPlaceholder="Find an event" freeText />
  );
}

interface StepMenuProps {
  readonly index: number;
  readonly last: number;
  readonly optional: boolean;
  readonly canBeOptional: boolean;
  readonly onAction: (action: StepAction) => void;
}

function StepMenu({ index, last, optional, canBeOptional, onAction }: StepMenuProps) {
  return (
    <Menu align="end" trigger={<IconButton label={`More for step ${index + 1}`} icon={<Ellipsis size={16} />} />}>
      <MenuItem icon={<CircleDashed size={16} />} disabled={!canBeOptional && !optional} onSelect={() => onAction("optional")}>
        {optional ? "Make required" : "Make optional"}
      </MenuItem>
      <MenuItem icon={<ArrowUp size={16} />} disabled={index === 0} onSelect={() => onAction("up")}>
        Move up
      </MenuItem>
      <MenuItem icon={<ArrowDown size={16} />} disabled={index === last} onSelect={() => onAction("down")}>
        Move down
      </MenuItem>
      <MenuSeparator />
      <MenuItem icon={<Trash2 size={16} />} danger disabled={last === 0} onSelect={() => onAction("remove")}>
        Remove
      </MenuItem>
    </Menu>
  );
}
