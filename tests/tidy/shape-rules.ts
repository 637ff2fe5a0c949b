/** Can a person find, open and read the file? Names, first lines, sizes, and colours in one place. */

import path from "node:path";
import { isNode, type Node, nameOf, type Problem, type SourceFile, walk } from "./source-file.ts";

const FILE_LINES_MAX = 400;
const FILE_LINES_USUAL = 300;
const LONG_FILES_SHARE_MAX = 0.05;
const FUNCTION_LINES_MAX = 70;
const LINE_CHARS_MAX = 120;

/** Names that say nothing about what is inside; `index` would be a barrel. */
const EMPTY_NAMES = new Set("util utils helper helpers common types misc manager data info index shared".split(" "));

/** The places where colours are defined; everything else names them. */
const COLOUR_FILES = new Set(["components/ui/theme.ts", "components/ui/tokens.css"]);
const COLOUR = /#(?:[0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})(?![\w-])|\b(?:rgba?|hsla?|oklch|oklab|lch|lab)\(\s*[\d.]/i;

/** Files from which a tool takes the default export. */
const DEFAULT_EXPORTS = /^(app\/|next\.config\.mjs$|drizzle\.config\.ts$|tests\/support\/reporter\.mjs$)/;

const FUNCTION = /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/;

/** File and folder names: kebab-case, saying what is inside. Route folders of app may be `[root]` or `(group)`. */
export function nameProblems(filePath: string): Problem[] {
  const parts = filePath.split("/");
  const file = parts.at(-1) ?? "";
  const words = [...parts.slice(0, -1), file.split(".")[0] ?? ""];
  return words.flatMap((word) => {
    const bare = word.replace(/^[[(](?:\.{3})?(.*)[\])]$/, "$1");
    if (EMPTY_NAMES.has(bare)) return [at(filePath, 1, "name", `${word} does not say what is inside`)];
    const isKebab = /^\.?[a-z0-9]+(-[a-z0-9]+)*$/.test(bare) || bare === "";
    return isKebab ? [] : [at(filePath, 1, "name", `${word} is not kebab-case`)];
  });
}

/** A file's first sentence, its length, its functions' lengths, its line widths, its exports, its open ends. */
export function shapeProblems(file: SourceFile): Problem[] {
  return [
    ...docstringProblems(file),
    ...lengthProblems(file),
    ...functionProblems(file),
    ...exportProblems(file),
    ...openEndProblems(file),
  ];
}

function docstringProblems(file: SourceFile): Problem[] {
  const text = file.text.replace(/^#!.*\n/, "").replace(/^(["'])use (client|server|strict)\1;?\s*/, "");
  const isGood = /^\/\*\*(?: |\n \* )[A-Z`"'0-9.][^\n]*[.?!:]/.test(text);
  return isGood ? [] : [at(file.path, 1, "docstring", "does not begin with a sentence that says what it answers")];
}

function lengthProblems(file: SourceFile): Problem[] {
  const lines = lineCount(file.text);
  const problems: Problem[] = [];
  if (lines > FILE_LINES_MAX)
    problems.push(at(file.path, lines, "file-length", `${lines} lines; ${FILE_LINES_MAX} at most`));
  return [...problems, ...widthProblems(file)];
}

/** Comments are as narrow as code. Code is Biome's to break, which leaves long texts whole. */
function widthProblems(file: SourceFile): Problem[] {
  const lines = file.text.split("\n");
  return file.comments.flatMap((comment) =>
    lines.slice(comment.line - 1, comment.lastLine).flatMap((line, index) => {
      if (line.length <= LINE_CHARS_MAX || /https?:\/\/\S{60}/.test(line)) return [];
      const message = `${line.length} characters; ${LINE_CHARS_MAX} at most`;
      return [at(file.path, comment.line + index, "line-width", message)];
    }),
  );
}

/** At most one file in twenty may pass 300 lines. */
export function longFileProblems(files: readonly SourceFile[]): Problem[] {
  const long = files.filter((file) => lineCount(file.text) > FILE_LINES_USUAL);
  if (long.length <= files.length * LONG_FILES_SHARE_MAX) return [];
  return long.map((file) =>
    at(file.path, 1, "long-files", `over ${FILE_LINES_USUAL} lines, like ${long.length} others`),
  );
}

/** A test's suite callback is a list of tests, not a function to follow; every other function is measured. */
function functionProblems(file: SourceFile): Problem[] {
  const problems: Problem[] = [];
  walk(file.program, (node, parent) => {
    if (!FUNCTION.test(node.type) || isSuite(parent)) return;
    const [first, last] = [file.lineOf(node.start), file.lineOf(node.end)];
    const lines = last - first + 1;
    if (lines > FUNCTION_LINES_MAX) {
      const name = nameOf(node.id) ?? nameOf(parent?.id ?? parent?.key) ?? "a function";
      problems.push(
        at(file.path, first, "function-length", `${name} has ${lines} lines; ${FUNCTION_LINES_MAX} at most`),
      );
    }
  });
  return problems;
}

function isSuite(parent: Node | null): boolean {
  return parent?.type === "CallExpression" && ["describe", "suite"].includes(nameOf(parent.callee) ?? "");
}

function exportProblems(file: SourceFile): Problem[] {
  const body = file.program.body as Node[];
  const problems = body
    .filter((node) => node.type === "ExportDefaultDeclaration" && !DEFAULT_EXPORTS.test(file.path))
    .map((node) => at(file.path, file.lineOf(node.start), "default-export", "a default export has no name; name it"));
  const isBarrel = body.length > 0 && body.every((node) => /^Export/.test(node.type) && isNode(node.source));
  return isBarrel
    ? [...problems, at(file.path, 1, "barrel", "only passes other files on; import them directly")]
    : problems;
}

function openEndProblems(file: SourceFile): Problem[] {
  return file.comments
    .filter((comment) => /\b(TODO(?!\()|FIXME|HACK)\b/.test(comment.text))
    .map((comment) => at(file.path, comment.line, "open-end", "an open end: finish it, or TODO(issue)"));
}

/** Colours in code or styles outside the theme; in code only inside texts, for `#lib/…` is an address. */
export function colourProblems(filePath: string, text: string, file: SourceFile | null): Problem[] {
  if (!/^(components|app)\//.test(filePath) || COLOUR_FILES.has(filePath)) return [];
  const found = (line: number, what: string) =>
    at(filePath, line, "colour", `${what} is a colour: name it in components/ui/theme.ts or tokens.css`);
  if (file === null) {
    return text.split("\n").flatMap((line, index) => {
      const colour = COLOUR.exec(line)?.[0];
      return colour === undefined ? [] : [found(index + 1, colour)];
    });
  }
  const problems: Problem[] = [];
  walk(file.program, (node, parent) => {
    const words = node.type === "TemplateElement" ? (node.value as { raw: string }).raw : textOf(node);
    const colour = words === null || /^(Import|Export)/.test(parent?.type ?? "") ? undefined : COLOUR.exec(words)?.[0];
    if (colour !== undefined) problems.push(found(file.lineOf(node.start), colour));
  });
  return problems;
}

function textOf(node: Node): string | null {
  return node.type === "Literal" && typeof node.value === "string" ? node.value : null;
}

function lineCount(text: string): number {
  return text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
}

function at(filePath: string, line: number, rule: string, message: string): Problem {
  return { path: path.posix.normalize(filePath), line, rule, message };
}
