import { FolderPlus, Plus, X } from "lucide-react";

import { Button, IconButton, Select } from "@/design";

import { CriterionEditor } from "./CriterionEditor";
import styles from "./Rules.module.css";
import { MOST_DEPTH, newCriterion, newGroup, removeMember, replaceMember, type Joint, type RuleGroup, type RuleNode } from "./rules";

const JOINT_OPTIONS: readonly { value: Joint; label: string }[] = [
  { value: "all", label: "all of these" },
  { value: "any", label: "any of these" },
  { value: "none", label: "none of these" },
  { value: "not_all", label: "not all of these" },
];
/** What stands between two members. */
const BETWEEN: Record<Joint, string> = { all: "and", any: "or", none: "nor", not_all: "and" };

interface RuleTreeProps {
  readonly group: RuleGroup;
  readonly onChange: (group: RuleGroup) => void;
  readonly depth?: number;
  /** The cohort that is edited, which cannot be made of itself. */
  readonly self?: number | undefined;
}

/** Criteria joined by and, or and their negations; groups hold groups. */
export function RuleTree({ group, onChange, depth = 1, self }: RuleTreeProps) {
  const add = (member: RuleNode) => onChange({ ...group, members: [...group.members, member] });
  return (
    <fieldset className={styles.group} data-inner={depth > 1 || undefined}>
      <legend className="visually-hidden">{depth === 1 ? "Who is in the cohort" : "Group of criteria"}</legend>
      <div className={styles.joint}>
        <span>{depth === 1 ? "People who match" : "match"}</span>
        <Select aria-label={depth === 1 ? "How the criteria are joined" : "How the criteria of this group are joined"} className={styles.jointChoice} value={group.joint} options={JOINT_OPTIONS} onChange={(joint) => onChange({ ...group, joint })} />
      </div>
      <ol className={styles.members}>
        {group.members.map((member, index) => (
          <li key={member.id} data-between={index > 0 ? BETWEEN[group.joint] : undefined}>
            <Member node={member} depth={depth} self={self} onChange={(next) => onChange(replaceMember(group, index, next))} onRemove={group.members.length > 1 || depth > 1 ? () => onChange(removeMember(group, index)) : undefined} />
          </li>
        ))}
      </ol>
      <div className={styles.add}>
        <Button variant="ghost" icon={<Plus size={16} />} onClick={() => add(newCriterion())}>
          Add criterion
        </Button>
        {depth < MOST_DEPTH && (
          <Button variant="ghost" icon={<FolderPlus size={16} />} onClick={() => add(newGroup([newCriterion()], "any"))}>
            Add group
          </Button>
        )}
      </div>
    </fieldset>
  );
}

interface MemberProps {
  readonly node: RuleNode;
  readonly depth: number;
  readonly self: number | undefined;
  readonly onChange: (node: RuleNode) => void;
  readonly onRemove: (() => void) | undefined;
}

function Member({ node, depth, self, onChange, onRemove }: MemberProps) {
  if (node.node === "criterion") return <CriterionEditor criterion={node} self={self} onChange={onChange} onRemove={onRemove} />;
  return (
    <div className={styles.inner}>
      <RuleTree group={node} depth={depth + 1} self={self} onChange={onChange} />
      {onRemove && <IconButton className={styles.removeGroup} label="Remove group" icon={<X size={16} />} onClick={onRemove} />}
    </div>
  );
}
