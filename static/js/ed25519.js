// Ed25519 signatures checked as RFC 8032 (5.1.7) says, in plain arithmetic: old telephones have no such key in WebCrypto.
// Only public things are computed with, so it need not hide how long it takes. SHA-512 is the browser's own.

const P = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const D = mod(-121665n * power(121666n, P - 2n));
const ROOT_OF_MINUS_ONE = power(2n, (P - 1n) / 4n);
const NEUTRAL = [0n, 1n, 1n, 0n]; // a point is [X, Y, Z, T]: x = X/Z, y = Y/Z, xy = T/Z
const BASE = decoded(bytesOf(mod(4n * power(5n, P - 2n))));

// Whether this is the key's signature over the message; all three are Uint8Array.
export async function verifies(publicKey, message, signature) {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  const key = decoded(publicKey);
  const s = numberOf(signature.subarray(32));
  if (key === null || s >= ORDER) return false;
  const r = signature.subarray(0, 32);
  const hashed = await crypto.subtle.digest("SHA-512", joined(r, publicKey, message));
  const k = numberOf(new Uint8Array(hashed)) % ORDER;
  return same(encoded(sum(s, BASE, k, negative(key))), r);
}

// [a]P + [b]Q, both scalars walked through together
function sum(a, p, b, q) {
  const choice = [NEUTRAL, p, q, add(p, q)];
  let result = NEUTRAL;
  for (let bit = 255n; bit >= 0n; bit -= 1n) {
    result = doubled(result);
    const which = Number(((a >> bit) & 1n) | (((b >> bit) & 1n) << 1n));
    if (which) result = add(result, choice[which]);
  }
  return result;
}

function add([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = (y1 - x1) * (y2 - x2);
  const b = (y1 + x1) * (y2 + x2);
  const c = mod(2n * D * t1) * t2;
  const d = 2n * z1 * z2;
  return composed(mod(b - a), mod(d - c), mod(d + c), mod(b + a));
}

function doubled([x, y, z]) {
  const a = x * x;
  const b = y * y;
  const h = mod(a + b);
  const g = mod(a - b);
  return composed(mod(h - (x + y) * (x + y)), mod(2n * z * z + g), g, h);
}

function composed(e, f, g, h) {
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

function negative([x, y, z, t]) {
  return [P - x, y, z, P - t];
}

// The point of 32 bytes, null when there is none (RFC 8032, 5.1.3).
function decoded(bytes) {
  const number = numberOf(bytes);
  const odd = number >> 255n;
  const y = number & (2n ** 255n - 1n);
  if (y >= P) return null;
  const square = mod((y * y - 1n) * power(mod(D * y * y + 1n), P - 2n));
  let x = power(square, (P + 3n) / 8n);
  if (mod(x * x) !== square) x = mod(x * ROOT_OF_MINUS_ONE);
  if (mod(x * x) !== square || (x === 0n && odd)) return null;
  if ((x & 1n) !== odd) x = P - x;
  return [x, y, 1n, mod(x * y)];
}

function encoded([x, y, z]) {
  const inverse = power(z, P - 2n);
  return bytesOf(mod(y * inverse) | ((mod(x * inverse) & 1n) << 255n));
}

function mod(number) {
  const rest = number % P;
  return rest < 0n ? rest + P : rest;
}

function power(number, exponent) {
  let result = 1n;
  for (let square = mod(number), rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = mod(result * square);
    square = mod(square * square);
  }
  return result;
}

function numberOf(bytes) {
  let number = 0n;
  for (let place = bytes.length - 1; place >= 0; place -= 1) number = (number << 8n) | BigInt(bytes[place]);
  return number;
}

function bytesOf(number) {
  return Uint8Array.from({ length: 32 }, (_, place) => Number((number >> BigInt(8 * place)) & 255n));
}

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}

function same(left, right) {
  return left.length === right.length && left.every((byte, place) => byte === right[place]);
}
