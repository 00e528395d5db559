/** Builds the bytes of a Kafka protocol structure. Integers are big-endian; `varint` is zig-zag encoded. */
export class WireWriter {
  #buffer: Buffer;
  #length = 0;

  constructor(capacity = 256) {
    this.#buffer = Buffer.allocUnsafe(capacity);
  }

  get length(): number {
    return this.#length;
  }

  int8(value: number): this {
    const at = this.#reserve(1);
    this.#buffer.writeInt8(value, at);
    return this;
  }

  int16(value: number): this {
    const at = this.#reserve(2);
    this.#buffer.writeInt16BE(value, at);
    return this;
  }

  int32(value: number): this {
    const at = this.#reserve(4);
    this.#buffer.writeInt32BE(value, at);
    return this;
  }

  uint32(value: number): this {
    const at = this.#reserve(4);
    this.#buffer.writeUInt32BE(value >>> 0, at);
    return this;
  }

  int64(value: number): this {
    const at = this.#reserve(8);
    this.#buffer.writeBigInt64BE(BigInt(value), at);
    return this;
  }

  /** 64 bits wide: timestamps differ by more than 31 bits when a producer sets them itself. */
  varint(value: number): this {
    return this.uvarint(value >= 0 ? value * 2 : -value * 2 - 1);
  }

  uvarint(value: number): this {
    let rest = value;
    while (rest >= 128) {
      this.int8(((rest % 128) | 128) - 256);
      rest = Math.floor(rest / 128);
    }
    return this.int8(rest);
  }

  bytes(value: Uint8Array): this {
    const at = this.#reserve(value.length);
    this.#buffer.set(value, at);
    return this;
  }

  /** A nullable string with a 16-bit length, -1 for null. */
  string(value: string | null): this {
    if (value === null) return this.int16(-1);
    const encoded = Buffer.from(value, 'utf8');
    return this.int16(encoded.length).bytes(encoded);
  }

  /** A string of the flexible versions: length + 1 as unsigned varint. */
  compactString(value: string): this {
    const encoded = Buffer.from(value, 'utf8');
    return this.uvarint(encoded.length + 1).bytes(encoded);
  }

  /** Nullable bytes with a varint length, -1 for null, as inside a record. */
  varintBytes(value: Uint8Array | null): this {
    return value === null ? this.varint(-1) : this.varint(value.length).bytes(value);
  }

  /** An array with a 32-bit length. */
  array<T>(items: readonly T[], write: (item: T) => void): this {
    this.int32(items.length);
    for (const item of items) write(item);
    return this;
  }

  /** Overwrites four bytes written before, for lengths and checksums that are known last. */
  patchInt32(at: number, value: number): this {
    this.#buffer.writeInt32BE(value | 0, at);
    return this;
  }

  /** The bytes so far; a view, valid until the next write. */
  view(start = 0): Buffer {
    return this.#buffer.subarray(start, this.#length);
  }

  #reserve(size: number): number {
    const at = this.#length;
    this.#length += size;
    if (this.#length > this.#buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length));
      this.#buffer.copy(grown, 0, 0, at);
      this.#buffer = grown;
    }
    return at;
  }
}
