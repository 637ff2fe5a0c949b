/** How does a page that is not the cockpit stand on the screen? Header above, strip below, the rest between. */

import type { ReactNode } from "react";
import styles from "#components/ui/page-frame.module.css";

export type PageFrameProps = { header: ReactNode; title: string; children: ReactNode; strip: ReactNode };

export function PageFrame({ header, title, children, strip }: PageFrameProps) {
  return (
    <div className={styles.page}>
      {header}
      <main className={styles.main}>
        <h1 className="visually-hidden">{title}</h1>
        {children}
      </main>
      {strip}
    </div>
  );
}
