"use client";
/** Is the page connected? Marks the root element, from which tokens.css greys every live value. */

import { useEffect } from "react";
import { useConnection } from "#components/live/use-live.ts";

export function ConnectionMark() {
  const { status } = useConnection();
  useEffect(() => {
    document.documentElement.dataset.connection = status === "waiting" ? "lost" : status;
  }, [status]);
  return null;
}
