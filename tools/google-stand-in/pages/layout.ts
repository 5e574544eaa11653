/** HTML that is already safe to send. */
export type Html = { readonly html: string };

/** Builds markup; every value but {@link Html} is escaped. */
export function markup(
  strings: TemplateStringsArray,
  ...values: (string | number | Html | Html[] | undefined)[]
): Html {
  return {
    html: strings.reduce(
      (text, string, index) => text + string + (index < values.length ? show(values[index]) : ''),
      '',
    ),
  };
}

function show(value: string | number | Html | Html[] | undefined): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.map((each) => each.html).join('');
  return typeof value === 'object' ? value.html : escapeHtml(String(value));
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

export function page(title: string, content: Html): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Google stand-in</title>
<style>${{ html: style }}</style>
</head>
<body>
<main>
<p class="brand">Google stand-in <span>demo sign-in, not Google</span></p>
${content}
</main>
</body>
</html>`.html;
}

const style = `
:root { --ink: #1c2430; --soft: #5b6675; --line: #d5dbe3; --ground: #f2f5f8; --sheet: #fff; --accent: #0b6e69; --on-accent: #fff; --warn: #fff4d9; --warn-ink: #5c4300; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8edf2; --soft: #a5b1bf; --line: #3a4654; --ground: #12181f; --sheet: #1b232c; --accent: #5cc9c1; --on-accent: #06211f; --warn: #3a2f10; --warn-ink: #ffe3a1; }
}
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 32rem; background: var(--sheet); border: 1px solid var(--line); border-radius: 14px; padding: 2rem; }
main:has(table) { max-width: 64rem; }
.brand { margin: 0 0 1.5rem; font-weight: 600; }
.brand span { color: var(--soft); font-weight: 400; font-size: .875rem; margin-left: .5rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .5rem; overflow-wrap: anywhere; }
p { margin: 0 0 1rem; } .soft { color: var(--soft); }
ul { list-style: none; margin: 0 0 1rem; padding: 0; border-top: 1px solid var(--line); }
li { border-bottom: 1px solid var(--line); }
button { font: inherit; border-radius: 8px; border: 1px solid var(--line); background: transparent; color: inherit; padding: .6rem 1.2rem; min-height: 44px; cursor: pointer; }
button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; }
button.row { display: block; width: 100%; text-align: start; border: 0; border-radius: 0; padding: .75rem .5rem; }
button.row:hover { background: var(--ground); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
label.scope { display: flex; gap: .75rem; padding: .75rem .5rem; } label.scope input { width: 1.15rem; height: 1.15rem; margin: .2rem 0 0; flex: none; accent-color: var(--accent); }
label.scope code { display: block; font-size: .75rem; color: var(--soft); overflow-wrap: anywhere; }
.actions { display: flex; gap: .75rem; justify-content: flex-end; margin-top: 1.5rem; }
.field { display: flex; gap: .5rem; } .field input { flex: 1; min-width: 0; font: inherit; padding: .5rem .75rem; border: 1px solid var(--line); border-radius: 8px; background: transparent; color: inherit; }
.notice { background: var(--warn); color: var(--warn-ink); border-radius: 8px; padding: .75rem 1rem; }
a { color: var(--accent); }
table { width: 100%; border-collapse: collapse; } th, td { text-align: start; padding: .5rem; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--ground); padding: 1rem; border-radius: 8px; }
`;
