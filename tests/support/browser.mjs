/** A real browser, and a server for its pages that speaks to this machine only. */
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { after } from 'node:test';
import { chromium } from 'playwright-core';
import { root } from './run.mjs';

const EXECUTABLE = '/usr/bin/chromium';
const ARGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** Why tests in a browser are skipped, if they are. On a build machine they are not: there they fail. */
export const withoutBrowser =
  !existsSync(EXECUTABLE) && !process.env.CI && `no ${EXECUTABLE}; get it by: apt-get install chromium`;

let launched;
const servers = [];
after(async () => {
  await (await launched?.catch(() => undefined))?.close();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

/** What a page needs that computes: nothing but its own site, and WebAssembly. What else it or a worker asks for is reported. */
export const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; report-uri /violation";
/** With these a page is cross-origin isolated. */
export const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};
const TYPES = { '/': 'text/html', js: 'text/javascript', mjs: 'text/javascript', html: 'text/html' };

/**
 * Serves the built package as /node_modules/tidegate/dist/, tests/support/ as /support/, and `files`.
 *
 * @param headers sent with everything
 * @param files contents by path
 * @param missing a path that is not there
 * @returns the origin; what has been asked for, paths with their status; and what was against the policy
 */
async function serve({ headers = {}, files = {}, missing }) {
  const [asked, violations] = [[], []];
  const contents = { '/': '<!doctype html><title>test</title>', '/favicon.ico': '', '/violation': '', ...files };
  const folders = { '/node_modules/tidegate/dist/': 'dist/', '/support/': 'tests/support/' };
  const read = (path) => {
    const folder = Object.keys(folders).find((name) => path.startsWith(name));
    if (path === missing) return undefined;
    if (folder === undefined) return contents[path];
    const file = `${root}${folders[folder]}${path.slice(folder.length)}`;
    return existsSync(file) ? readFileSync(file) : undefined;
  };
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    if (pathname === '/violation') violations.push(await text(request));
    const body = read(pathname);
    const status = body === undefined ? 404 : 200;
    asked.push({ path: pathname, status });
    const type = TYPES[pathname.split('.').at(-1)] ?? 'text/plain';
    response.writeHead(status, {
      'Content-Type': `${type}; charset=utf-8`,
      'Content-Security-Policy': POLICY,
      ...headers,
    });
    response.end(body);
  });
  servers.push(server);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { origin: `http://127.0.0.1:${server.address().port}`, asked, violations };
}

/** Opens a page of a server of its own. `problems` collects errors, warnings and foreign requests of the page and its workers. */
export async function open(options = {}) {
  const { origin, asked, violations: problems } = await serve(options);
  const opened = await openAt(origin, {}, problems);
  await opened.page.goto('/');
  return { ...opened, asked };
}

/** An empty page of a new context, for an origin that is served already. @param settings of the context, as Playwright takes them */
export async function openAt(origin, settings = {}, problems = []) {
  launched ??= chromium.launch({ executablePath: EXECUTABLE, args: ARGS });
  const browser = await launched;
  const context = await browser.newContext({ baseURL: origin, ...settings });
  const page = await context.newPage();
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text());
  });
  context.on('weberror', (failure) => problems.push(String(failure.error())));
  context.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`) && !request.url().startsWith('blob:'))
      problems.push(`asked for ${request.url()}`);
  });
  return { page, problems, close: () => context.close() };
}
