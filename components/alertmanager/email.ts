/**
 * Mail addresses as Alertmanager reads them, alone or with a name: `Ops <ops@example.com>`.
 * Source: https://pkg.go.dev/net/mail#ParseAddressList
 */

// Alertmanager expands templates in them: a brace would only fail when an alert is sent.
const bare = String.raw`[^\s@,;:<>()"\\{}]+@[^\s@,;:<>()"\\{}]+`;
const word = String.raw`[^\s@,;:<>()\[\]"\\{}]+`;
const quoted = String.raw`"[^"\\{}\r\n]+"`;
const name = `(?:${word}|${quoted})(?: (?:${word}|${quoted}))*`;
const address = `(?:${bare}|(?:${name} ?)?<${bare}>)`;

export const oneAddress = new RegExp(`^${address}$`);
export const addresses = new RegExp(`^${address}(?:, ?${address})*$`);
