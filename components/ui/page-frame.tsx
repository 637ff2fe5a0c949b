/** How does a page that is not the cockpit stand on the screen? Header above, strip below, an aside at the right. */

import type { ReactNode } from "react";
import styles from "#components/ui/page-frame.module.css";

export type PageFrameProps = {
  header: ReactNode;
  title: string;
  children: ReactNode;
  beside?: ReactNode;
  strip: ReactNode;
};

export function PageFrame({ header, title, children, beside, strip }: PageFrameProps) {
  return (
    <div className={styles.page}>
      {header}
      <div className={styles.middle}>
        <main className={styles.main}>
          <h1 className="visually-hidden">{title}</h1>
          {children}
        </main>
        {beside === undefined ? null : (
          <aside className={styles.beside} data-testid="beside">
            {beside}
          </aside>
        )}
      </div>
      {strip}
    </div>
  );
}
