/** Writes protocol buffers: a message is a list of fields, each [number, value], in the encoding that its value asks for. */

/**
 * Fields whose value is a whole number ≥ 0 are varints; text, bytes and messages (arrays of fields) have a length first.
 * Field numbers are those of onnx.proto.
 */
export function encode(fields) {
  return Buffer.concat(fields.map(([number, value]) => encodeField(number, value)));
}

function encodeField(number, value) {
  if (typeof value === 'number') return Buffer.concat([varint(number * 8), varint(value)]);
  const bytes = Array.isArray(value) ? encode(value) : Buffer.from(value);
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

function varint(value) {
  const bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}
