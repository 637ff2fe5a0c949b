/** How much JavaScript does the cockpit load first? Every script of `/`, compressed, against the limit. */
import { gzipSync } from "node:zlib";
import { launchBrowser, openPage } from "#tests/support/browser.ts";
import { temporaryDataDir } from "#tests/support/data-service.ts";
import { openToFirstBar } from "./first-bar.ts";
import { packageVersion, report } from "./measure.ts";
import { startProduct } from "./started-product.ts";

const LIMIT_KB = 350;
const BYTES_PER_KB = 1_000;

/** Addresses of the page's scripts, but for those that modern browsers pass over. */
function scriptsOf(html: string): string[] {
  const tags = [...html.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag);
  const loaded = tags.filter((tag) => !/\bnomodule\b/i.test(tag));
  return [...new Set(loaded.flatMap((tag) => /\bsrc="([^"]+)"/.exec(tag)?.[1] ?? []))];
}

async function compressedBytes(url: string, address: string): Promise<number> {
  const response = await fetch(new URL(address, url));
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  return gzipSync(Buffer.from(await response.arrayBuffer())).length;
}

async function sumOf(url: string, addresses: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const address of addresses) bytes += await compressedBytes(url, address);
  return bytes / BYTES_PER_KB;
}

async function main(): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const { dataDir, remove } = temporaryDataDir();
  stack.defer(remove);
  const product = stack.use(await startProduct(dataDir));
  const browser = await launchBrowser();
  stack.defer(() => browser.close());
  const scripts = scriptsOf(await (await fetch(product.url)).text());
  if (scripts.length === 0) throw new Error("the page has no script tag: the bench looks at the wrong thing");
  const { page } = await openPage(browser);
  const fetched = new Set<string>();
  page.on("response", (response) => {
    if (response.request().resourceType() === "script") fetched.add(new URL(response.url()).pathname);
  });
  await openToFirstBar(page, product.url);
  const tagsKb = await sumOf(product.url, scripts);
  const fetchedKb = await sumOf(product.url, [...fetched]);
  report({
    name: "first-load-js",
    unit: "kB gzip",
    ours: tagsKb,
    peer: LIMIT_KB,
    peerName: "the limit (no other cockpit is comparable)",
    peerVersion: packageVersion("next"),
    goal: `<= ${LIMIT_KB} kB of gzip (1 kB = ${BYTES_PER_KB} bytes)`,
    isMet: tagsKb <= LIMIT_KB && fetchedKb <= LIMIT_KB,
    notes: `${scripts.length} script tags; up to the first bar the browser fetched ${fetched.size} scripts, ${fetchedKb.toFixed(1)} kB`,
  });
}

await main();
