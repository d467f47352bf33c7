import helmet from 'helmet';
import type { RequestHandler } from 'express';

/** Headers of every answer. Nothing but our own origin is loaded; the page adds a nonce for Angular's styles. */
export function securityHeaders(publicUrl: string | undefined): RequestHandler {
  return helmet({
    contentSecurityPolicy: { useDefaults: false, directives: directives() },
    // Only who serves by TLS may promise to do so for ever; plain http on loopback must go on working.
    strictTransportSecurity: publicUrl?.startsWith('https:') ? { maxAge: 31_536_000 } : false,
    referrerPolicy: { policy: 'no-referrer' },
  });
}

/** The policy as a header's text, with what one page needs beside our own origin. */
export function contentSecurityPolicy(more: {
  styles: readonly string[];
  scripts: readonly string[];
}): string {
  const policy = directives();
  policy.scriptSrc.push(...more.scripts);
  policy.styleSrc.push(...more.styles);
  return Object.entries(policy)
    .map(([name, sources]) => `${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)} ${sources.join(' ')}`)
    .join('; ');
}

function directives() {
  return {
    defaultSrc: ["'self'"],
    scriptSrc: ["'self'"],
    scriptSrcAttr: ["'none'"],
    styleSrc: ["'self'"],
    // Charts place their parts by style attributes; without url() from elsewhere these can do no harm.
    styleSrcAttr: ["'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'"],
    connectSrc: ["'self'"],
    objectSrc: ["'none'"],
    baseUri: ["'self'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  };
}
