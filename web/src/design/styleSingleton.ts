import { useEffect } from "react";

/**
 * Stands in for the package `react-style-singleton` (see vite.config.ts): same three exports, but the rules go
 * into a constructed style sheet, which a strict `style-src 'self'` allows, and not into a <style> element.
 */
export function stylesheetSingleton() {
  let users = 0;
  let sheet: CSSStyleSheet | null = null;
  return {
    add(style: string) {
      users += 1;
      if (users > 1 || !("adoptedStyleSheets" in document)) return;
      sheet = new CSSStyleSheet();
      sheet.replaceSync(style);
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    },
    remove() {
      users -= 1;
      if (users > 0 || sheet === null) return;
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
      sheet = null;
    },
  };
}

export function styleHookSingleton() {
  const sheet = stylesheetSingleton();
  return function useStyle(styles: string, dynamic?: boolean) {
    const key = dynamic ? styles : "";
    useEffect(() => {
      sheet.add(styles);
      return () => sheet.remove();
      // The rules are read once per user unless they are said to change.
      // eslint-disable-next-line react-hooks/exhaustive-deps
    }, [key]);
  };
}

export function styleSingleton() {
  const useStyle = styleHookSingleton();
  return function Sheet({ styles, dynamic }: { styles: string; dynamic?: boolean }) {
    useStyle(styles, dynamic);
    return null;
  };
}
