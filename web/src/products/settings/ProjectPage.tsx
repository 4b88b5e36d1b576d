import { mayManage, useProject } from "@/app/project";
import { Notice, Page } from "@/design";
import { text } from "@/text";

import { DeletePanel } from "./DeletePanel";
import { GeneralPanel } from "./GeneralPanel";
import { PrivacyPanel } from "./PrivacyPanel";
import { TokenPanel } from "./TokenPanel";

export default function ProjectPage() {
  const project = useProject();
  const editable = mayManage(project);
  return (
    <Page title={text.project.title} description={text.project.description} width="reading">
      {!editable && <Notice tone="neutral">{text.project.readOnly}</Notice>}
      <GeneralPanel project={project} editable={editable} />
      <PrivacyPanel project={project} editable={editable} />
      <TokenPanel project={project} editable={editable} />
      {project.role === "owner" && <DeletePanel project={project} />}
    </Page>
  );
}
