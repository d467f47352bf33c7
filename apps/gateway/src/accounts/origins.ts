import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { isUnspecified, type GatewayConfig } from '../config';

type Addresses = Pick<GatewayConfig, 'host' | 'publicUrl' | 'allowedOrigins'>;

/**
 * Whether the Host header names this gateway. A page of evil.example whose name was made to resolve to 127.0.0.1
 * (DNS rebinding) would otherwise count as same origin.
 */
export function isOwnHost(header: string | undefined, addresses: Addresses): boolean {
  const name = hostNameOf(header);
  if (name === undefined) return false;
  if (isLoopbackName(name) || name === bare(addresses.host)) return true;
  if (addresses.publicUrl !== undefined && name === bare(new URL(addresses.publicUrl).hostname)) return true;
  // Bound to every address: any of them may be used, as an address. A name cannot be rebound to an IP literal.
  return isUnspecified(addresses.host) && isIP(name) !== 0;
}

/**
 * Whether a page of this origin may change something or open a socket. No Origin header: not a browser's
 * cross-site request. `Sec-Fetch-Site` is asked too, for browsers that send no Origin.
 */
export function isTrustedOrigin(headers: IncomingHttpHeaders, addresses: Addresses): boolean {
  const { origin } = headers;
  if (origin === undefined) return isOwnPage(headers['sec-fetch-site']);
  if (addresses.allowedOrigins.includes(origin)) return true;
  if (!URL.canParse(origin)) return false; // 'null': a sandboxed frame, a file
  const { host } = new URL(origin);
  const own = addresses.publicUrl === undefined ? undefined : new URL(addresses.publicUrl);
  // Its scheme as well: who is on the way can serve that name without TLS.
  if (host === own?.host) return origin === own.origin;
  return host === headers.host?.toLowerCase();
}

/** Absent: no browser. `none`: the address was typed. Another port of this machine is `same-site`. */
function isOwnPage(site: string | string[] | undefined): boolean {
  return site === undefined || site === 'same-origin' || site === 'none';
}

export function isLoopbackAddress(address: string | undefined): boolean {
  if (address === undefined) return false;
  return address === '::1' || address.startsWith('127.') || address.startsWith('::ffff:127.');
}

function isLoopbackName(name: string): boolean {
  return (
    name === 'localhost' || name.endsWith('.localhost') || isLoopbackAddress(isIP(name) ? name : undefined)
  );
}

function hostNameOf(header: string | undefined): string | undefined {
  if (header === undefined || /[@/\\?#\s]/.test(header) || !URL.canParse(`http://${header}`))
    return undefined;
  return bare(new URL(`http://${header}`).hostname);
}

function bare(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}
