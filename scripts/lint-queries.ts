// Raw SQL stands in files named *-queries.ts, and every statement there names the tenant: one tenant's rows can then
// never be read or written for another by a forgotten condition. A statement that serves all tenants on purpose says
// so in a comment `every tenant: <reason>` on the line before it.
import fs from 'node:fs';
import path from 'node:path';

const SOURCE = path.resolve(import.meta.dirname, '../src');
const STATEMENT = /\bsql(?:<[^`]*?>)?`/g;
const IS_QUERY = /^\s*(?:with|select|insert|update|delete|declare|fetch|truncate|copy)\b/i;

const files = fs
  .readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !file.startsWith(path.join('db', 'migrations')));

const problems: string[] = [];

/** The text of a template literal from behind its opening backtick, nested templates included. */
const templateAt = (text: string, start: number): string => {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text.startsWith('${', i)) depth++;
    else if (text[i] === '}' && depth > 0) depth--;
    else if (text[i] === '`' && depth === 0) return text.slice(start, i);
  }
  return text.slice(start);
};

for (const file of files) {
  const text = fs.readFileSync(path.join(SOURCE, file), 'utf8');
  for (const match of text.matchAll(STATEMENT)) {
    const statement = templateAt(text, match.index + match[0].length);
    if (!IS_QUERY.test(statement)) continue;
    const line = text.slice(0, match.index).split('\n').length;
    const before = text
      .split('\n')
      .slice(Math.max(0, line - 3), line)
      .join('\n');
    const where = `src/${file}:${line}`;
    const serverWide = file === path.join('db', 'migrate.ts');
    if (!serverWide && !file.endsWith('-queries.ts'))
      problems.push(`${where}: SQL belongs in a file named *-queries.ts`);
    if (!serverWide && !/tenant_id|tenantId/.test(statement) && !/every tenant: \S/.test(before)) {
      problems.push(`${where}: the statement does not name the tenant`);
    }
  }
}

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log(`${files.length} files: every statement names its tenant`);
