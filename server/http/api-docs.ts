/** Where does a caller read what it may send? OpenAPI at /docs/json, and a page over it at /docs/. */

import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import { jsonSchemaTransform } from "fastify-type-provider-zod";
import type { HttpApp } from "./http-app.ts";

/** The page's own scripts and styles alone; nothing that needs https, so that plain http works from another host. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Registers the documentation; routes registered later appear in it. Paths are relative: they hold behind /api too. */
export async function registerApiDocs(app: HttpApp, codeVersion: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Rightseat",
        version: codeVersion,
        description: "Prices in points with tickSize beside them; times in epoch ms; errors say what to do.",
      },
      servers: [{ url: ".." }],
      components: {
        securitySchemes: { key: { type: "apiKey", in: "header", name: "X-API-Key" } },
      },
      security: [{}, { key: [] }],
    },
    // NOTE: without it the plugin takes servers apart as absolute addresses.
    stripBasePath: false,
    transform: jsonSchemaTransform,
  });
  await app.register(swaggerUi, {
    routePrefix: "/docs",
    staticCSP: PAGE_POLICY,
    theme: { title: "Rightseat API" },
    uiHooks: {
      onRequest(request, reply, next) {
        if (request.url.split("?")[0] === "/docs") reply.redirect("docs/");
        else next();
      },
    },
  });
}
