/** What does a source file consist of? Its syntax tree, imports, comments and lines, read once for every rule. */

import path from "node:path";
import { parseSync } from "oxc-parser";

/** A node of the tree: the parser's ESTree, of which the rules read what they know. */
export type Node = { type: string; start: number; end: number; [key: string]: unknown };

/** One import or re-export. `target` is a path inside the project, or null for a package; types vanish at run time. */
export type Import = { specifier: string; target: string | null; isTypeOnly: boolean; line: number };

export type SourceFile = {
  path: string;
  text: string;
  program: Node;
  imports: readonly Import[];
  comments: readonly { text: string; line: number; lastLine: number }[];
  lineOf: (offset: number) => number;
};

/** A broken rule: `rule` is its short name, `line` 1-based. */
export type Problem = { path: string; line: number; rule: string; message: string };

/** Parses one TypeScript or JavaScript file; throws where it is not one. */
export function parseSource(filePath: string, text: string): SourceFile {
  const parsed = parseSync(filePath, text);
  if (parsed.errors.length > 0) throw new Error(`${filePath}: ${parsed.errors[0]?.message}`);
  const program = parsed.program as unknown as Node; // the parser's typed union; every member has type, start, end
  const lineStarts = [0];
  for (let i = 0; i < text.length; i++) if (text[i] === "\n") lineStarts.push(i + 1);
  const lineOf = (offset: number) => lineStarts.findLastIndex((start) => start <= offset) + 1;
  return {
    path: filePath,
    text,
    program,
    imports: importsOf(filePath, program, lineOf),
    comments: parsed.comments.map(({ value, start, end }) => ({
      text: value,
      line: lineOf(start),
      lastLine: lineOf(end),
    })),
    lineOf,
  };
}

/** Calls `visit` for every node, parents first; `key` is the parent's field that holds it. */
export function walk(node: Node, visit: (node: Node, parent: Node | null, key: string) => void): void {
  const step = (current: Node, parent: Node | null, key: string) => {
    visit(current, parent, key);
    for (const [name, value] of Object.entries(current)) {
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) step(child, current, name);
    }
  };
  step(node, null, "");
}

export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

/** The text of an identifier or string literal; null for any other node. */
export function nameOf(node: unknown): string | null {
  if (!isNode(node)) return null;
  if (node.type === "Identifier") return String(node.name);
  return node.type === "Literal" && typeof node.value === "string" ? node.value : null;
}

function importsOf(filePath: string, program: Node, lineOf: SourceFile["lineOf"]): Import[] {
  const imports: Import[] = [];
  walk(program, (node) => {
    const isImport = /^(Import(Declaration|Expression)|Export(Named|All)Declaration|TSImportType)$/.test(node.type);
    const specifier = isImport ? nameOf(node.source) : null;
    if (specifier === null) return;
    const isTypeOnly = node.type === "TSImportType" || isTypeImport(node);
    imports.push({ specifier, target: targetOf(filePath, specifier), isTypeOnly, line: lineOf(node.start) });
  });
  return imports;
}

function isTypeImport(node: Node): boolean {
  if (node.importKind === "type" || node.exportKind === "type") return true;
  const parts = Array.isArray(node.specifiers) ? node.specifiers.filter(isNode) : [];
  return parts.length > 0 && parts.every((part) => part.importKind === "type" || part.exportKind === "type");
}

function targetOf(filePath: string, specifier: string): string | null {
  if (specifier.startsWith("#")) return specifier.slice(1);
  if (specifier.startsWith(".")) return path.posix.join(path.posix.dirname(filePath), specifier);
  return null;
}
