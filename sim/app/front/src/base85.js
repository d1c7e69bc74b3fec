// Bytes in a page.
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%.()*+-;,=>?@^_`{|}~';

// Base 85 as Python writes it, with '<' and '&' replaced so that it may stand in a page.
export function unbase85(text) {
  const value = new Int16Array(128).fill(-1);
  for (let k = 0; k < 85; k++) value[ALPHABET.charCodeAt(k)] = k;
  const pad = (5 - (text.length % 5)) % 5, padded = text + '~'.repeat(pad), out = new Uint8Array((padded.length / 5) * 4);
  for (let i = 0, o = 0; i < padded.length; i += 5) {
    let n = 0;
    for (let k = 0; k < 5; k++) {
      const digit = value[padded.charCodeAt(i + k)] ?? -1;
      if (digit < 0) throw new RangeError('not base 85');
      n = n * 85 + digit;
    }
    out[o++] = n / 16777216; out[o++] = n / 65536; out[o++] = n / 256; out[o++] = n;
  }
  return out.subarray(0, out.length - pad);
}
