/** How is a file of trades shown, taken over and taken back? */
import { z } from "zod";
import { IMPORT_FILE_BYTES_MAX, TRADE_WORD_CHARS_MAX } from "#lib/limits.ts";
import {
  commitImportSchema,
  importAnswersSchema,
  importedSchema,
  importPreviewSchema,
  importRowSchema,
  undoneSchema,
} from "#lib/wire/imports.ts";
import { CodedError } from "#server/errors.ts";
import type { HttpDeps } from "../deps.ts";
import type { HttpApp } from "../http-app.ts";

const RAW = "application/octet-stream";

/** POST /imports/preview (the file as body), /imports/preview/:contentHash, /imports; GET and DELETE /imports. */
export function imports(app: HttpApp, deps: HttpDeps): void {
  app.register(async (scope: HttpApp) => takeFiles(scope, deps));
  const { importDesk } = deps;
  const again = {
    summary: "What a file would bring, with these answers",
    params: z.object({ contentHash: z.string() }),
    body: importAnswersSchema,
    response: { 200: importPreviewSchema },
  };
  app.post("/imports/preview/:contentHash", { schema: again }, async ({ params, body }) =>
    importDesk.previewAgain(params.contentHash, body),
  );
  const commit = {
    summary: "Take over what a previewed file adds; durable",
    body: commitImportSchema,
    response: { 200: importedSchema },
  };
  app.post("/imports", { schema: commit }, async ({ body }) => importDesk.commit(body));
  const list = { summary: "Files that were imported, newest first", response: { 200: z.array(importRowSchema) } };
  app.get("/imports", { schema: list }, async () => importDesk.list());
  const undo = {
    summary: "Take an import back; durable",
    params: z.object({ id: z.string() }),
    response: { 200: undoneSchema },
  };
  app.delete("/imports/:id", { schema: undo }, async ({ params }) => importDesk.undo(params.id));
}

/** Here alone a body may be a file. */
function takeFiles(scope: HttpApp, { importDesk }: HttpDeps): void {
  const bodyLimit = IMPORT_FILE_BYTES_MAX;
  scope.addContentTypeParser(RAW, { parseAs: "buffer", bodyLimit }, (_request, body, done) => done(null, body));
  const schema = {
    summary: `What a file would bring; the body is the file, as ${RAW}`,
    querystring: z.strictObject({ fileName: z.string().max(TRADE_WORD_CHARS_MAX).default("") }),
    response: { 200: importPreviewSchema },
  };
  scope.post("/imports/preview", { schema, bodyLimit }, async ({ body, query }) => {
    if (!Buffer.isBuffer(body)) {
      throw new CodedError("WRONG_CONTENT_TYPE", {
        field: "Content-Type",
        expected: RAW,
        received: "application/json",
      });
    }
    return importDesk.preview({ fileName: query.fileName.replaceAll("\0", ""), bytes: body });
  });
}
