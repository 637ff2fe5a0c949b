/** Which requests does a bridge make, and how does it bear a server that is away, slow, or refuses? */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One POST as it came; `answered` is the status it got, 0 while it hangs. */
export type RecordedPost = {
  path: string;
  key: string | undefined;
  contentType: string | undefined;
  atMs: number;
  mode: string;
  answered: number;
  bytes: Buffer;
};

/** How the server answers until told otherwise; the scenario tells it by POST /harness/MODE. */
type Mode = "ok" | "503" | "hang" | "key" | "mark";

export class BridgeServer {
  readonly posts: RecordedPost[] = [];
  mode: Mode = "ok";
  private readonly server = createServer((request, response) => void this.answer(request, response));

  /** Listens on a free port of this machine and returns the address. */
  async open(): Promise<string> {
    await new Promise<void>((resolve) => {
      this.server.listen(0, "127.0.0.1", resolve);
    });
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => {
      this.server.close(resolve);
    });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const path = request.url ?? "";
    if (path.startsWith("/harness/")) {
      this.mode = path.slice("/harness/".length) as Mode;
      response.end();
      return;
    }
    const key = request.headers["x-api-key"]?.toString();
    const bytes = Buffer.concat(chunks);
    const answered = this.statusFor(key, bytes.toString());
    const contentType = request.headers["content-type"];
    this.posts.push({ path, key, contentType, atMs: Date.now(), mode: this.mode, answered, bytes });
    if (answered !== 0) response.writeHead(answered).end("{}");
  }

  private statusFor(key: string | undefined, body: string): number {
    if (this.mode === "hang") return 0;
    if (this.mode === "503") return 503;
    if (this.mode === "key" && key !== "right-key") return 401;
    return body.includes('"bad-') ? 422 : 200;
  }
}
