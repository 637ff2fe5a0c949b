/** What is said of an address that is none of ours? */

import Link from "next/link";

export default function NotFound() {
  return (
    <main style={{ padding: 24 }}>
      <h1>There is no such page</h1>
      <p className="dim">A chart's address ends in a root that we list, as /chart/ES.</p>
      <Link href="/">To the cockpit</Link>
    </main>
  );
}
