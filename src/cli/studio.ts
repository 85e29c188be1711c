import { existsSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type Command, InvalidArgumentError } from 'commander';
import sirv from 'sirv';
import { type TidegateError, usageError } from '../errors.js';

/** T-I-D-E on the keys of a telephone. */
const USUAL_PORT = 8433;
const SITE = fileURLToPath(new URL('../site/', import.meta.url));

/**
 * With the first two a page is cross-origin isolated: it may share memory between threads. The rest: files of this site only, kept
 * by nobody but the page's own service worker, except what has its content in its name.
 */
const HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
} as const;

interface Flags {
  readonly port?: number;
  readonly host: string;
  readonly open: boolean;
}

/** `tidegate studio`: the page, on this machine. */
export function addStudio(program: Command): void {
  program
    .command('studio')
    .description('forecast, back-test and look inside in the browser; nothing leaves this machine')
    .option('--port <number>', `port to listen on (default: ${USUAL_PORT}, or a free one if that is taken)`, portNumber)
    .option('--host <name>', 'address to listen on; anything but this machine makes the page public', 'localhost')
    .option('--no-open', 'do not open the browser')
    .addHelpText(
      'after',
      `
The page does all work itself, in the browser, with the same engine: drop a table, train, look at the forecast, take it
away as CSV, picture or model. Models go both ways: what the page saves, tidegate predict opens.

This command only hands out the files of the page, with the headers that let it use all processors (COOP, COEP). They are a
static site in the package's folder dist/site, which any web server can host. Ctrl-C ends it.

Examples:
  tidegate studio
  tidegate studio --port 9000 --no-open`,
    )
    .action(studio);
}

async function studio({ port, host, open }: Flags): Promise<void> {
  if (!existsSync(`${SITE}index.html`))
    throw new Error(`the files of the page are not in ${SITE}; build them with npm run build:studio`);
  const serve = sirv(SITE, { etag: true, setHeaders });
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    if (request.method !== 'GET' && request.method !== 'HEAD') response.writeHead(405).end();
    else
      serve(request, response, () => {
        response.writeHead(404, { 'Content-Type': 'text/plain' }).end('not found\n');
      });
  });
  const address = await listen(server, host, port);
  process.stdout.write(`Tidegate studio: ${address}\n`);
  process.stderr.write('Ctrl-C ends it. The page computes in the browser; nothing leaves this machine.\n');
  if (open && hasBrowser()) await openBrowser(address);
  process.exitCode = await ended(server);
}

function setHeaders(response: ServerResponse, path: string): void {
  response.setHeader('Cache-Control', path.startsWith('/assets/') ? 'max-age=31536000, immutable' : 'no-cache');
}

/** Starts to listen, and says where. A port that was asked for must be free; the usual one need not. */
async function listen(server: Server, host: string, port: number | undefined): Promise<string> {
  try {
    await listening(server, host, port ?? USUAL_PORT);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'EADDRINUSE' && port === undefined) await listening(server, host, 0);
    else throw refusal(`${code}`, host, port ?? USUAL_PORT) ?? error;
  }
  const name = host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${(server.address() as AddressInfo).port}/`;
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function refusal(code: string, host: string, port: number): TidegateError | undefined {
  if (code === 'EADDRINUSE')
    return usageError('port_taken', `port ${port} is taken; needed a free one. Leave --port out, or give another.`);
  if (code === 'EACCES')
    return usageError('no_permission', `port ${port} may not be used by this user. Give one above 1023.`);
  if (code === 'ENOTFOUND' || code === 'EADDRNOTAVAIL' || code === 'EAI_AGAIN')
    return usageError('bad_host', `host "${host}" is no address of this machine. Leave --host out for localhost.`);
  return undefined;
}

/** Whether somebody sits in front of a screen here. */
function hasBrowser(): boolean {
  if (!process.stdout.isTTY || process.env.CI || process.env.SSH_CONNECTION) return false;
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** Opens the page in the browser; where there is none after all, the address is on the screen. */
async function openBrowser(address: string): Promise<void> {
  const { default: open } = await import('open');
  const started = await open(address).catch(() => null);
  started?.on('error', () => {});
}

/** Waits for the end: 130 for Ctrl-C, 0 for a polite SIGTERM. */
function ended(server: Server): Promise<number> {
  return new Promise((resolve) => {
    const end = (status: number) => {
      server.close();
      server.closeAllConnections();
      resolve(status);
    };
    process.once('SIGINT', () => end(130));
    process.once('SIGTERM', () => end(0));
  });
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65_535)
    throw new InvalidArgumentError('It needs a number from 1 to 65535, such as 9000.');
  return port;
}
