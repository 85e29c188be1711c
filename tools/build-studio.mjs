/**
 * Bundles the studio into dist/site: a static site of relative links, with the examples and a service worker that knows all files.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const site = join(root, 'dist', 'site');
/** The engine's tier that only Node can be asked for is left out: it would be a quarter of what is loaded. */
const onlyBrowserTiers = {
  name: 'only-browser-tiers',
  enforce: 'pre',
  transform: (code, id) =>
    id.endsWith('kernels.generated.ts') ? code.replace(/(fma256: \{ base64: ')[^']*/, '$1') : undefined,
};
const EXAMPLES = ['airline-passengers.csv', 'shops.csv'];

await build({
  configFile: false,
  root: join(root, 'src', 'studio'),
  // Relative: the site may lie in any folder of any host.
  base: './',
  logLevel: 'warn',
  // Workers start workers of their own, which module scripts can.
  worker: { format: 'es', plugins: () => [onlyBrowserTiers] },
  build: {
    outDir: site,
    emptyOutDir: true,
    target: 'es2022',
    // Neither scripts nor pictures inside others: the policy of the page allows files of its own only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { checks: { pluginTimings: false } },
  },
});

mkdirSync(join(site, 'examples'), { recursive: true });
for (const name of EXAMPLES) copyFileSync(join(root, 'examples', name), join(site, 'examples', name));

const files = readdirSync(site, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name !== 'sw.js')
  .map((entry) =>
    join(entry.parentPath, entry.name)
      .slice(site.length + 1)
      .replaceAll('\\', '/'),
  )
  .sort();
const hash = createHash('sha256');
for (const file of files) hash.update(file).update(readFileSync(join(site, file)));
const worker = join(site, 'sw.js');
const kept = files.filter((file) => file !== 'index.html').map((file) => `./${file}`);
writeFileSync(
  worker,
  readFileSync(worker, 'utf8')
    .replace('__VERSION__', hash.digest('hex').slice(0, 16))
    .replace('__FILES__', JSON.stringify(kept)),
);
