/** Does a tree of sources keep the rules of docs/ARCHITECTURE.md? Runs every rule over a map of path and text. */

import { importProblems } from "./import-rules.ts";
import { purityProblems } from "./purity-rules.ts";
import { colourProblems, longFileProblems, nameProblems, shapeProblems } from "./shape-rules.ts";
import { type Problem, parseSource } from "./source-file.ts";

const CODE = /\.(ts|tsx|mjs)$/;

/** Every broken rule in the files, and how many files of code were read. */
export function checkTree(files: Readonly<Record<string, string>>): { problems: Problem[]; codeCount: number } {
  const entries = Object.entries(files);
  const sources = entries
    .filter(([path]) => CODE.test(path) && !path.endsWith(".d.ts"))
    .map(([path, text]) => parseSource(path, text));
  const problems = [
    ...sources.flatMap((file) => [
      ...nameProblems(file.path),
      ...importProblems(file),
      ...(file.path.startsWith("lib/") ? purityProblems(file) : []),
      ...shapeProblems(file),
      ...colourProblems(file.path, file.text, file),
    ]),
    ...entries.filter(([path]) => path.endsWith(".css")).flatMap(([path, text]) => colourProblems(path, text, null)),
    ...longFileProblems(sources),
  ];
  return { problems, codeCount: sources.length };
}
