// Whether a document is a valid AsyncAPI document, in the words of AsyncAPI's own parser.
import { readFile } from "node:fs/promises";
import parser from "@asyncapi/parser";

const ERROR = 0; // the parser's severities: error, warning, information, hint

const { Parser } = parser;
const [path] = process.argv.slice(2);
const { document, diagnostics } = await new Parser().parse(await readFile(path, "utf8"), { source: path });
const errors = diagnostics.filter((one) => one.severity === ERROR);
for (const { range, path: where, message } of errors) {
  console.error(`${path}:${range.start.line + 1}:${range.start.character + 1}: ${where.join(".")}: ${message}`);
}
if (errors.length > 0 || document === undefined) process.exit(1);
// A document of nothing is valid, too.
console.log(`${document.channels().all().length} channels, ${document.operations().all().length} operations`);
if (document.channels().isEmpty() || document.operations().isEmpty()) process.exit(1);
