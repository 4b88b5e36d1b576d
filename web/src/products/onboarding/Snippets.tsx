import { useState } from "react";

import { useProject } from "@/app/project";
import { CodeBlock, Tabs } from "@/design";
import { text } from "@/text";

import styles from "./Onboarding.module.css";
import { snippet, WAY_NAMES, WAYS, type Way } from "./snippets";

const TABS = WAYS.map((way) => ({ value: way, label: WAY_NAMES[way] }));

/** How to send an event, for this server and this project. */
export function Snippets() {
  const project = useProject();
  const [way, setWay] = useState<Way>("html");
  return (
    <Tabs label={text.install.ways} value={way} tabs={TABS} onChange={setWay}>
      <p className={styles.explain}>{text.install.explain[way]}</p>
      <CodeBlock label={WAY_NAMES[way]} code={snippet(way, { host: location.origin, token: project.token })} />
    </Tabs>
  );
}
