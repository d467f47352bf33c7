import type { NextFunction, Request, RequestHandler, Response } from 'express';
import express from 'express';
import { randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { leadsOut } from './leads-out';
import { pageOf, withNonce, type Page } from './page';
import { contentSecurityPolicy } from './security-headers';

/** Paths that are not the dashboard's. */
const elsewhere = /^\/(api|socket\.io|ws|healthz|readyz|metrics)(\/|$)/;
/** Names with a hash of their content, as Angular's build gives them. */
const hashed = /[-.][A-Za-z0-9_]{8,}\.(js|css|woff2?|svg|png|webp|map)$/;
const year = 31_536_000;

/** Serves the built dashboard: its files, and its page for every other path, whose meaning only the page knows. */
export function dashboard(dir: string | undefined): RequestHandler {
  if (dir === undefined) return absent;
  const files = express.static(dir, {
    index: false,
    redirect: false,
    setHeaders: (response, path) =>
      response.setHeader(
        'cache-control',
        hashed.test(path) ? `public, max-age=${year}, immutable` : 'no-cache',
      ),
  });
  const page = pageReader(join(dir, 'index.html'));
  return (request: Request, response: Response, next: NextFunction) => {
    if (!isForDashboard(request)) return next();
    if (request.path === '/index.html') return void sendPage(request, response, page, next);
    const notAFile = (error?: unknown) => {
      if (error) return next(error);
      // A missing script must not be answered with a page: the browser would call it a syntax error.
      if (extname(request.path) !== '' && !acceptsPage(request)) return next();
      void sendPage(request, response, page, next);
    };
    void leadsOut(dir, request.path).then((out) => {
      if (out) notAFile();
      else files(request, response, notAFile);
    });
  };
}

function isForDashboard(request: Request): boolean {
  return (request.method === 'GET' || request.method === 'HEAD') && !elsewhere.test(request.path);
}

function acceptsPage(request: Request): boolean {
  return request.headers.accept?.includes('text/html') === true;
}

async function sendPage(
  request: Request,
  response: Response,
  read: () => Promise<Page | undefined>,
  next: NextFunction,
): Promise<void> {
  try {
    const page = await read();
    if (!page) return absent(request, response, next);
    const nonce = randomBytes(16).toString('base64');
    const policy = contentSecurityPolicy({ styles: [`'nonce-${nonce}'`], scripts: page.scriptHashes });
    response.setHeader('content-security-policy', policy);
    response.setHeader('cache-control', 'no-cache, no-store');
    response.type('html').send(withNonce(page, nonce));
  } catch (error) {
    next(error);
  }
}

function absent(request: Request, response: Response, next: NextFunction): void {
  if (!isForDashboard(request)) return next();
  response
    .status(503)
    .type('text/plain')
    .send(
      'The dashboard is not built. Build it (npx nx run dashboard:build), or set TELLTALE_DASHBOARD_DIR.\n',
    );
}

/** Reads the page again when its file changes: a new build needs no restart. */
function pageReader(path: string): () => Promise<Page | undefined> {
  let known: { readonly page: Page; readonly mtimeMs: number } | undefined;
  return async () => {
    const found = await stat(path).catch(() => undefined); // not built yet, or being built
    if (!found) return undefined;
    if (known?.mtimeMs !== found.mtimeMs) {
      known = { page: pageOf(await readFile(path, 'utf8')), mtimeMs: found.mtimeMs };
    }
    return known.page;
  };
}
