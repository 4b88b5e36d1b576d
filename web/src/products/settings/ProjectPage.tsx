import { mayManage, useProject } from "@/app/project";
import { Notice, Page } from "@/design";

import { DeletePanel } from "./DeletePanel";
import { GeneralPanel } from "./GeneralPanel";
import { PrivacyPanel } from "./PrivacyPanel";
import { TokenPanel } from "./TokenPanel";
import { words } from "./words";

export default function ProjectPage() {
  const project = useProject();
  const editable = mayManage(project);
  return (
    <Page title={words.project.title} description={words.project.description} width="reading">
      {!editable && <Notice tone="neutral">{words.project.readOnly}</Notice>}
      <GeneralPanel project={project} editable={editable} />
      <PrivacyPanel project={project} editable={editable} />
      <TokenPanel project={project} editable={editable} />
      {project.role === "owner" && <DeletePanel project={project} />}
    </Page>
  );
}
