// The bundlers as they come: no plugin or flag for this package. Each makes `entry`.mjs of the project ready for a page.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import { NAME } from './project.mjs';
import { load } from './tools.mjs';

/** {name: (project's folder, entry, folder for the output) => resolves to the page's file name} */
export const BUNDLERS = {
  async 'webpack 5'(folder, entry, out) {
    const { default: webpack } = await load('webpack');
    await compile(webpack, folder, entry, out, {});
    return writePage(out, 'index.html', { script: 'bundle.js' });
  },
  async Rspack(folder, entry, out) {
    const { rspack } = await load('@rspack/core');
    await compile(rspack, folder, entry, out, {});
    return writePage(out, 'index.html', { script: 'bundle.js' });
  },
  async Rollup(folder, entry, out) {
    const { rollup } = await load('rollup');
    // Rollup itself knows no packages.
    const { nodeResolve } = await load('@rollup/plugin-node-resolve');
    const bundle = await rollup({
      input: join(folder, `${entry}.mjs`),
      plugins: [nodeResolve()],
      onwarn: (warning) => { throw new Error(warning.message); },
    });
    await bundle.write({ dir: out, format: 'es', entryFileNames: 'bundle.js' });
    await bundle.close();
    return writePage(out, 'index.html', { script: 'bundle.js', type: 'module' });
  },
  async esbuild(folder, entry, out) {
    const { warnings } = await esbuild.build({
      entryPoints: [join(folder, `${entry}.mjs`)], outfile: join(out, 'bundle.js'), bundle: true, minify: true,
      logLevel: 'silent',
    });
    if (warnings.length > 0) throw new Error(warnings[0].text);
    return writePage(out, 'index.html', { script: 'bundle.js' });
  },
  async Vite(folder, entry, out) {
    const vite = await load('vite');
    const page = writePage(folder, `${entry}.html`, { script: `./${entry}.mjs`, type: 'module' });
    await vite.build({
      root: folder, configFile: false, logLevel: 'error', base: './',
      build: { outDir: out, emptyOutDir: true, rolldownOptions: { input: join(folder, page) } },
    });
    return page;
  },
};

/** The same for Node: {name: … => resolves to the file to run}. */
export const NODE_BUNDLERS = {
  async 'webpack 5'(folder, entry, out) {
    const { default: webpack } = await load('webpack');
    await compile(webpack, folder, entry, out, { target: 'node', output: { path: out, filename: 'bundle.cjs' } });
    return join(out, 'bundle.cjs');
  },
  async esbuild(folder, entry, out) {
    const outfile = join(out, 'bundle.mjs');
    await esbuild.build({
      entryPoints: [join(folder, `${entry}.mjs`)], outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'error',
    });
    return outfile;
  },
};

function compile(compiler, folder, entry, out, options) {
  return new Promise((done, failed) => {
    const config = {
      mode: 'production', context: folder, entry: `./${entry}.mjs`, output: { path: out, filename: 'bundle.js' },
      performance: false, ...options,
    };
    compiler(config, (error, stats) => {
      if (error) return failed(error);
      if (stats.hasErrors() || stats.hasWarnings()) return failed(new Error(stats.toString()));
      return done();
    });
  });
}

/** Vite's dev server, which bundles the project's packages before it serves them. Resolves to {url, end()}. */
export async function viteDev(folder) {
  const vite = await load('vite');
  const cacheDir = join(folder, 'vite');
  const server = await vite.createServer({
    root: folder, configFile: false, logLevel: 'error', cacheDir,
    server: { host: '127.0.0.1', port: 0, strictPort: false, hmr: false, watch: null },
    optimizeDeps: { entries: ['*.mjs'] },
  });
  await server.listen();
  return {
    url: `http://127.0.0.1:${server.httpServer.address().port}`,
    bundled: () => readdirSync(join(cacheDir, 'deps')).includes(`${NAME}.js`),
    end: () => server.close(),
  };
}

/** Writes the page of a script; gives its name. */
export function writePage(folder, name, { script, type = 'text/javascript', importMap }) {
  mkdirSync(folder, { recursive: true });
  const map = importMap ? `<script type="importmap">${JSON.stringify({ imports: importMap })}</script>\n` : '';
  // No character encoding is named: a bundle must not depend on it.
  writeFileSync(join(folder, name), `<!doctype html>
<title>check</title>
<script>
  var report;
  addEventListener('error', (event) => {
    report ??= { error: event.message ?? \`\${event.target.src} does not load\` };
  }, true);
</script>
${map}<script type="${type}" src="${script}" defer></script>
`);
  return name;
}
