// Judges an AsyncAPI document on standard input with the AsyncAPI project's own parser: one fault a line, none: it is valid.
import { readFileSync } from "node:fs";
import { DiagnosticSeverity, Parser } from "@asyncapi/parser";

const { document, diagnostics } = await new Parser().parse(readFileSync(0, "utf8"));
const faults = diagnostics.filter((found) => found.severity <= DiagnosticSeverity.Warning);
for (const fault of faults) console.log(`${fault.path.join(".")}: ${fault.message}`);
if (!document && faults.length === 0) console.log("(all): not a document");
