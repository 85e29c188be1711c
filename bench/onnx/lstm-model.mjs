/** An .onnx file with one LSTM node: X [T,B,I], h0 and c0 [1,B,H] → Y [T,1,B,H], hT, cT [1,B,H]. */
import { reordered } from '../data.mjs';
import { encode } from './protobuf.mjs';

const FLOAT = 1;
const INT = 2;
const IR_VERSION = 8;
const OPSET = 14;
/** ONNX has the gates in the order i o f c; ours is i f g o. */
const GATE_ORDER = [0, 3, 1, 2];

/** The file's bytes. Wx [4H,I], Wh [4H,H], b [4H] in PyTorch's order. */
export function lstmModel({ T, B, I, H }, { Wx, Wh, b }) {
  const bias = new Float32Array(8 * H);
  bias.set(reordered(b, GATE_ORDER));
  const graph = [
    [1, node(H)],
    [2, 'lstm'],
    [5, tensor('W', [1, 4 * H, I], reordered(Wx, GATE_ORDER))],
    [5, tensor('R', [1, 4 * H, H], reordered(Wh, GATE_ORDER))],
    [5, tensor('b', [1, 8 * H], bias)],
    [11, valueInfo('X', [T, B, I])],
    [11, valueInfo('h0', [1, B, H])],
    [11, valueInfo('c0', [1, B, H])],
    [12, valueInfo('Y', [T, 1, B, H])],
    [12, valueInfo('hT', [1, B, H])],
    [12, valueInfo('cT', [1, B, H])],
  ];
  const opset = [
    [1, ''],
    [2, OPSET],
  ];
  return encode([
    [1, IR_VERSION],
    [2, 'tidegate-bench'],
    [7, graph],
    [8, opset],
  ]);
}

const node = (H) => [
  ...['X', 'W', 'R', 'b', '', 'h0', 'c0'].map((name) => [1, name]),
  ...['Y', 'hT', 'cT'].map((name) => [2, name]),
  [3, 'lstm'],
  [4, 'LSTM'],
  [5, integerAttribute('hidden_size', H)],
];

const integerAttribute = (name, value) => [
  [1, name],
  [3, value],
  [20, INT],
];

const tensor = (name, shape, data) => [
  ...shape.map((size) => [1, size]),
  [2, FLOAT],
  [8, name],
  [9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)],
];

const valueInfo = (name, shape) => [
  [1, name],
  [2, [[1, tensorType(shape)]]],
];

const tensorType = (shape) => [
  [1, FLOAT],
  [2, shape.map((size) => [1, [[1, size]]])],
];
