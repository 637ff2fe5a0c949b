/** Is lib the same in Node and in the browser, today and in every replay? No clock, no chance, no world, no memory. */

import { isNode, type Node, nameOf, type Problem, type SourceFile, walk } from "./source-file.ts";

/** Names that reach the world; a file that declares such a name itself means its own. */
const WORLD = new Set(
  (
    "process fetch console crypto structuredClone performance setTimeout setInterval setImmediate clearTimeout " +
    "clearInterval queueMicrotask requestAnimationFrame Buffer window document navigator globalThis global require " +
    "localStorage WebSocket Worker Intl"
  ).split(" "),
);

const LOCALE_MEMBER = /^(toLocale[A-Z]\w*|localeCompare)$/;
const LOCAL_TIME_MEMBER = /^(get|set)(FullYear|Month|Date|Day|Hours|Minutes|Seconds|Milliseconds|TimezoneOffset|Year)$/;
const MUTATOR = /^(set|add|delete|clear|push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin)$/;
const FUNCTION = /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/;

/** Every impurity of a lib file; `format.ts` alone may ask the locale. */
export function purityProblems(file: SourceFile): Problem[] {
  const mayUseLocale = file.path === "lib/format.ts";
  const declared = declaredNames(file.program);
  const problems: Problem[] = [];
  const report = (node: Node, message: string) =>
    problems.push({ path: file.path, line: file.lineOf(node.start), rule: "purity", message });
  walk(file.program, (node, parent, key) => {
    const message =
      identifierFault(node, parent, key, declared, mayUseLocale) ?? memberFault(node, mayUseLocale) ?? powerFault(node);
    if (message !== null) report(node, message);
  });
  for (const [node, message] of memoryFaults(file.program)) report(node, message);
  return problems;
}

function identifierFault(
  node: Node,
  parent: Node | null,
  key: string,
  declared: ReadonlySet<string>,
  mayUseLocale: boolean,
): string | null {
  if (node.type !== "Identifier" || !isValueUse(parent, key)) return null;
  const name = String(node.name);
  if (name === "Date" && !declared.has(name)) {
    const isUtc = parent?.type === "MemberExpression" && nameOf(parent.property) === "UTC";
    return isUtc ? null : "Date: times are numbers that come in with events";
  }
  if (!WORLD.has(name) || declared.has(name) || (name === "Intl" && mayUseLocale)) return null;
  return `${name} reaches outside of lib`;
}

/** False for names of members, keys, labels and types: they are words, not uses of a global. */
function isValueUse(parent: Node | null, key: string): boolean {
  if (parent === null) return false;
  if (parent.type === "MemberExpression") return key === "object" || parent.computed === true;
  if (/^(Property|MethodDefinition|PropertyDefinition|AccessorProperty)$/.test(parent.type)) {
    return key === "value" || parent.computed === true;
  }
  if (/^(TSAsExpression|TSSatisfiesExpression|TSNonNullExpression)$/.test(parent.type)) return key === "expression";
  return !parent.type.startsWith("TS") && !/^(Import|Export)\w*Specifier$/.test(parent.type);
}

function memberFault(node: Node, mayUseLocale: boolean): string | null {
  if (node.type !== "MemberExpression") return null;
  const [object, property] = [nameOf(node.object), nameOf(node.property)];
  if (property === null) return null;
  if (object === "Math" && property === "random") return "Math.random: draw from prng.ts with a seed";
  if (object === "Math" && property === "pow") return "Math.pow differs in its last bits between engines: multiply";
  if (LOCALE_MEMBER.test(property) && !mayUseLocale) return `${property} depends on the locale; only format.ts may`;
  if (LOCAL_TIME_MEMBER.test(property)) return `${property} depends on the machine's time zone`;
  return null;
}

function powerFault(node: Node): string | null {
  const isPower = node.operator === "**" || node.operator === "**=";
  return isPower ? "** differs in its last bits between engines: multiply" : null;
}

/** Module-level `let`, and module-level collections that functions change: state that no event put there. */
function memoryFaults(program: Node): [Node, string][] {
  const faults: [Node, string][] = [];
  const topLevel = new Set<string>();
  for (const statement of (program.body as Node[]).map(unwrapExport)) {
    if (statement.type !== "VariableDeclaration") continue;
    if (statement.kind !== "const")
      faults.push([statement, `module-level ${statement.kind}: state belongs to the engine`]);
    for (const item of statement.declarations as Node[]) topLevel.add(nameOf(item.id) ?? "");
  }
  walk(program, (outer) => {
    if (!FUNCTION.test(outer.type)) return;
    const own = declaredNames(outer);
    walk(outer, (node) => {
      const changed = changedName(node);
      if (changed !== null && topLevel.has(changed) && !own.has(changed)) {
        faults.push([node, `${changed} is a module-level collection that a function changes`]);
      }
    });
  });
  return faults;
}

function unwrapExport(statement: Node): Node {
  return statement.type === "ExportNamedDeclaration" && isNode(statement.declaration)
    ? statement.declaration
    : statement;
}

/** The name whose content this node changes: `x.push(…)`, `x[i] = …`, `x.y++`, `delete x.y`; else null. */
function changedName(node: Node): string | null {
  if (node.type === "CallExpression" && isNode(node.callee) && node.callee.type === "MemberExpression") {
    return MUTATOR.test(nameOf(node.callee.property) ?? "") ? nameOf(node.callee.object) : null;
  }
  const target =
    node.type === "AssignmentExpression"
      ? node.left
      : node.type === "UpdateExpression" || (node.type === "UnaryExpression" && node.operator === "delete")
        ? node.argument
        : null;
  return isNode(target) && target.type === "MemberExpression" ? nameOf(target.object) : null;
}

/** Every name that imports, functions, parameters and variables at or below a node declare. */
function declaredNames(root: Node): Set<string> {
  const names = new Set<string>();
  const addPattern = (pattern: unknown) => {
    if (!isNode(pattern)) return;
    if (pattern.type === "Identifier") names.add(String(pattern.name));
    else if (pattern.type === "ObjectPattern")
      for (const part of pattern.properties as Node[]) addPattern(part.value ?? part);
    else if (pattern.type === "ArrayPattern") for (const part of pattern.elements as unknown[]) addPattern(part);
    else addPattern(pattern.left ?? pattern.argument);
  };
  walk(root, (node) => {
    if (node.type === "VariableDeclarator") addPattern(node.id);
    if (FUNCTION.test(node.type)) {
      addPattern(node.id);
      for (const parameter of node.params as unknown[]) addPattern(parameter);
    }
    if (/^Import\w*Specifier$/.test(node.type)) addPattern(node.local);
  });
  return names;
}
