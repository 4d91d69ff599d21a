/**
 * May a webhook go to this URL, by what is written in it? The address behind the name is looked at when it is known, at the moment of
 * the connection (apps/worker/src/webhooks/public-address.ts); a name that is checked today may lead elsewhere tomorrow.
 *
 * The URL parser has already done the tricky part: `http://2130706433`, `http://0x7f.1` and `http://0177.0.0.1` all say 127.0.0.1 here.
 */
export type WebhookUrlFault =
  'not_a_url' | 'scheme' | 'credentials' | 'fragment' | 'port' | 'bare_address' | 'local_name';

export type WebhookUrlVerdict =
  { readonly url: URL; readonly fault: null } | { readonly url: null; readonly fault: WebhookUrlFault };

const URL_MAX = 2_048;
const VISIBLE_ASCII = /^[\x21-\x7e]+$/;
/** Where HTTPS is served. Any port would make of us a scanner of other people's networks. */
const PORTS: readonly string[] = ['', '443', '8443'];
const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;
/** Names that are never public (RFC 6761, RFC 6762, RFC 8375, and what clouds call their own inside). A bare word is one too. */
const LOCAL_NAME =
  /(?:^|\.)(?:localhost|local|localdomain|internal|intranet|lan|home|corp|home\.arpa|test|invalid)\.?$/;

/** @param sandbox allows http, any port and any host: for a receiver on the developer's own machine */
export function checkWebhookUrl(text: string, sandbox: boolean): WebhookUrlVerdict {
  const refused = (fault: WebhookUrlFault): WebhookUrlVerdict => ({ url: null, fault });
  if (text.length > URL_MAX || !VISIBLE_ASCII.test(text) || !/^https?:\/\/[^/\\]/i.test(text))
    return refused('not_a_url');
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return refused('not_a_url');
  }
  if (url.username !== '' || url.password !== '' || text.slice(0, text.indexOf('/', 8) >>> 0).includes('@')) {
    return refused('credentials');
  }
  if (url.hash !== '' || text.includes('#')) return refused('fragment');
  if (sandbox) return { url, fault: null };
  if (url.protocol !== 'https:') return refused('scheme');
  if (!PORTS.includes(url.port)) return refused('port');
  // A certificate for a bare address is rare, and a bare address is what an attacker writes.
  if (url.hostname.startsWith('[') || IPV4.test(url.hostname)) return refused('bare_address');
  if (!url.hostname.includes('.') || LOCAL_NAME.test(url.hostname)) return refused('local_name');
  return { url, fault: null };
}
