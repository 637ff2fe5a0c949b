/** Which icon does the tab wear in this mode? The brand's ring in the mode's colour, with its first letter. */

import { modeIcon } from "#components/ui/mode-icon.ts";

const KEPT_S = 86_400;

export async function GET(_request: Request, { params }: { params: Promise<{ tone: string }> }): Promise<Response> {
  const { tone } = await params;
  return new Response(modeIcon(tone), {
    headers: { "content-type": "image/svg+xml", "cache-control": `public, max-age=${KEPT_S}` },
  });
}
