// MD5 (RFC 1321) of bytes that come in pieces. The contract asks for it, and browsers have every hash but this one.

const each = (value) => Int32Array.from({ length: 64 }, (_, i) => value(i));

const SHIFTS = each((i) => [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21][4 * (i >> 4) + (i % 4)]);
const SINES = each((i) => Math.floor(2 ** 32 * Math.abs(Math.sin(i + 1))));
const PLACES = each((i) => [i, 5 * i + 1, 3 * i + 5, 7 * i][i >> 4] % 16);

export class Md5 {
  #state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  #rest = new Uint8Array(0);
  #length = 0;

  /** @param {Uint8Array} bytes */
  update(bytes) {
    this.#length += bytes.length;
    if (this.#rest.length > 0) {
      const joined = new Uint8Array(this.#rest.length + bytes.length);
      joined.set(this.#rest);
      joined.set(bytes, this.#rest.length);
      bytes = joined;
    }
    const whole = bytes.length - (bytes.length % 64);
    this.#digest(new DataView(bytes.buffer, bytes.byteOffset, whole));
    this.#rest = bytes.slice(whole);
    return this;
  }

  /** @returns {string} 32 lower-case hexadecimal digits */
  hex() {
    const end = new DataView(new ArrayBuffer(this.#rest.length < 56 ? 64 : 128));
    new Uint8Array(end.buffer).set(this.#rest);
    end.setUint8(this.#rest.length, 0x80);
    end.setBigUint64(end.byteLength - 8, BigInt(this.#length) * 8n, true);
    this.#digest(end);
    return Array.from(new Uint8Array(this.#state.buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');
  }

  #digest(data) {
    const words = new Int32Array(16);
    for (let start = 0; start < data.byteLength; start += 64) {
      for (let i = 0; i < 16; i++) {
        words[i] = data.getInt32(start + 4 * i, true);
      }
      let [a, b, c, d] = this.#state;
      for (let i = 0; i < 64; i++) {
        const f = i < 16 ? (b & c) | (~b & d) : i < 32 ? (d & b) | (~d & c) : i < 48 ? b ^ c ^ d : c ^ (b | ~d);
        const sum = (a + f + SINES[i] + words[PLACES[i]]) | 0;
        a = d;
        d = c;
        c = b;
        b = (b + ((sum << SHIFTS[i]) | (sum >>> (32 - SHIFTS[i])))) | 0;
      }
      this.#state[0] += a;
      this.#state[1] += b;
      this.#state[2] += c;
      this.#state[3] += d;
    }
  }
}
