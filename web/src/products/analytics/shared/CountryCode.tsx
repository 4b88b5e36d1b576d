import styles from "./CountryCode.module.css";

/** Two letters in a small frame. Flags need a font that many systems lack, and some people's flag is not on the list. */
export function CountryCode({ code }: { readonly code: string }) {
  if (!/^[A-Z]{2}$/.test(code)) return null;
  return (
    <span className={styles.code} aria-hidden="true">
      {code}
    </span>
  );
}
