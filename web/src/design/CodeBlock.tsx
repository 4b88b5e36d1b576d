import { Check, Copy } from "lucide-react";
import { useState } from "react";

import { text } from "@/text";

import { Button, IconButton } from "./Button";
import styles from "./CodeBlock.module.css";

/** Copies, and says so for two seconds. */
export function useCopy(): [copied: boolean, copy: (value: string) => void] {
  const [copied, setCopied] = useState(false);
  const copy = (value: string) => {
    void copyText(value).then((done) => {
      setCopied(done);
      if (done) setTimeout(() => setCopied(false), 2000);
    });
  };
  return [copied, copy];
}

export function CopyButton({ value, label }: { value: string; label?: string }) {
  const [copied, copy] = useCopy();
  const icon = copied ? <Check size={16} /> : <Copy size={16} />;
  const words = copied ? text.common.copied : (label ?? text.common.copy);
  return (
    <>
      {label ? (
        <Button icon={icon} onClick={() => copy(value)}>
          {words}
        </Button>
      ) : (
        <IconButton label={words} icon={icon} onClick={() => copy(value)} />
      )}
      <span className="visually-hidden" role="status">
        {copied ? text.common.copied : ""}
      </span>
    </>
  );
}

interface CodeBlockProps {
  code: string;
  /** Says what the code is: "Python", "Secret key". */
  label: string;
  wrap?: boolean;
}

export function CodeBlock({ code, label, wrap = false }: CodeBlockProps) {
  return (
    <div className={styles.block}>
      <pre className={wrap ? styles.wrap : styles.pre} tabIndex={0} role="region" aria-label={label}>
        <code>{code}</code>
      </pre>
      <div className={styles.copy}>
        <CopyButton value={code} />
      </div>
    </div>
  );
}

async function copyText(value: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(value);
    return true;
  } catch {
    return copyBySelection(value);
  }
}

/** The clipboard API is missing on plain http, where many people run Northing inside their network. */
function copyBySelection(value: string): boolean {
  const area = document.createElement("textarea");
  area.value = value;
  area.style.position = "fixed";
  area.style.opacity = "0";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}
