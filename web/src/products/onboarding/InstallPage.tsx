import { useProject } from "@/app/project";
import { CopyButton, Page, Panel } from "@/design";
import { text } from "@/text";

import { FirstEvent } from "./FirstEvent";
import styles from "./Onboarding.module.css";
import { Snippets } from "./Snippets";

export default function InstallPage() {
  const project = useProject();
  return (
    <Page title={text.install.title} description={text.install.description} width="reading">
      <FirstEvent />
      <Panel title={text.install.stepsTitle}>
        <Snippets />
      </Panel>
      <Panel title={text.install.connectionTitle} description={text.install.tokenHint}>
        <dl className={styles.facts}>
          <Fact name={text.install.host} value={location.origin} />
          <Fact name={text.install.token} value={project.token} />
        </dl>
      </Panel>
    </Page>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>
        <code>{value}</code>
        <CopyButton value={value} />
      </dd>
    </div>
  );
}
