import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

// Makes dist/ from src/: JavaScript, the files beside it, and the workflows bundled for the worker. Nothing is done when
// nothing changed. Types are not checked here, `tsc` does that.

const root = path.resolve(import.meta.dirname, '..');
const source = path.join(root, 'src');
const target = path.join(root, 'dist');
const unfinished = path.join(root, `.dist-${process.pid}`);
const STAMP = '.built-from';

const files = fs
  .readdirSync(source, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => path.join(entry.parentPath, entry.name))
  .sort();

const stamp = fingerprint([
  ...files,
  ...['tsconfig.json', 'tsconfig.build.json', 'package-lock.json'].map((name) => path.join(root, name)),
  import.meta.filename,
]);

if (!isBuiltFrom(stamp)) {
  const started = performance.now();
  try {
    await Promise.all([compile(), bundleWorkflows()]);
    copyOtherFiles();
    fs.writeFileSync(path.join(unfinished, STAMP), stamp);
    takePlace();
    console.log(`build: dist made in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  } finally {
    fs.rmSync(unfinished, { recursive: true, force: true });
  }
}

function fingerprint(inputs: string[]): string {
  const hash = createHash('sha256');
  for (const file of inputs)
    hash
      .update(`${path.relative(root, file)}\0`)
      .update(fs.readFileSync(file))
      .update('\0');
  return hash.digest('hex');
}

function isBuiltFrom(wanted: string): boolean {
  const file = path.join(target, STAMP);
  return fs.existsSync(file) && fs.readFileSync(file, 'utf8') === wanted;
}

async function compile(): Promise<void> {
  const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const args = [tsc, '-p', 'tsconfig.build.json', '--noCheck', '--outDir', unfinished];
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error('build: tsc failed, see above');
}

async function bundleWorkflows(): Promise<void> {
  const { bundleWorkflowCode, DefaultLogger } = await import('@temporalio/worker');
  const { FAILURE_CONVERTER_PATH } = await import('../src/temporal/data-converter.ts');
  const { code } = await bundleWorkflowCode({
    workflowsPath: path.join(source, 'workflows', 'index.ts'),
    failureConverterPath: FAILURE_CONVERTER_PATH,
    logger: new DefaultLogger('WARN'),
  });
  fs.mkdirSync(unfinished, { recursive: true });
  fs.writeFileSync(path.join(unfinished, 'workflow-bundle.js'), code);
}

function copyOtherFiles(): void {
  for (const file of files.filter((name) => !/\.tsx?$/.test(name))) {
    const copy = path.join(unfinished, path.relative(source, file));
    fs.mkdirSync(path.dirname(copy), { recursive: true });
    fs.copyFileSync(file, copy);
  }
}

/** Programs that run keep the files that they have opened; the next start sees a whole new directory or the old one. */
function takePlace(): void {
  const old = `${unfinished}-old`;
  if (fs.existsSync(target)) fs.renameSync(target, old);
  fs.renameSync(unfinished, target);
  fs.rmSync(old, { recursive: true, force: true });
}
