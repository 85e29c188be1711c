/** From the physical values of a Parquet column to cells: numbers, texts, booleans and stamps. */
import type { SchemaElement } from 'hyparquet';
import { parseFloat16 } from 'hyparquet/src/convert.js';
import { TypedStamp } from '../timestamp.js';

const DAY_MS = 86_400_000;
/** Day 0 of INT96 stamps is a Julian day: 1970-01-01 is this one. */
const JULIAN_EPOCH = 2_440_588;
/** Stamps of that many different times are shared between rows. */
const SHARED_STAMPS = 1 << 16;

type Convert = (value: never) => unknown;

/** How the values of a column become cells, by its type. Throws on bytes that are no text. */
export function converterOf(element: SchemaElement): (value: unknown) => unknown {
  return convert(element) as (value: unknown) => unknown;
}

function convert(element: SchemaElement): Convert {
  const { type, converted_type: converted, logical_type: logical } = element;
  if (converted === 'DECIMAL' || logical?.type === 'DECIMAL') return decimal(element);
  switch (type) {
    case 'INT32':
      if (converted === 'DATE' || logical?.type === 'DATE') {
        const stamp = stampMaker('');
        return (days: number) => stamp(days * DAY_MS);
      }
      return isUnsigned(element) ? (value: number) => value >>> 0 : same;
    case 'INT64':
      return timeUnit(element) === null ? integer(isUnsigned(element)) : timestamp(element);
    case 'INT96':
      return julianStamp();
    case 'BYTE_ARRAY':
      return text();
    case 'FIXED_LEN_BYTE_ARRAY':
      return logical?.type === 'FLOAT16' ? parseFloat16 : hexadecimal;
    default:
      return same;
  }
}

function same(value: unknown): unknown {
  return value;
}

function isUnsigned({ converted_type: converted, logical_type: logical }: SchemaElement): boolean {
  return converted?.startsWith('UINT_') || (logical?.type === 'INTEGER' && !logical.isSigned);
}

/** A number where it is exact, else the bigint. */
function integer(unsigned: boolean): Convert {
  return (value: bigint) => {
    const number = Number(value);
    if (Number.isSafeInteger(number)) return number;
    return unsigned ? BigInt.asUintN(64, value) : value;
  };
}

/** Unscaled integers, or big-endian bytes of one; rounded once, as the text of the number would be. */
function decimal({ scale = 0, logical_type: logical }: SchemaElement): Convert {
  const digits = logical?.type === 'DECIMAL' ? logical.scale : scale;
  const divisor = 10 ** digits;
  return (value: number | bigint | Uint8Array) => {
    const unscaled = value instanceof Uint8Array ? bigEndian(value) : value;
    const number = Number(unscaled);
    return Number.isSafeInteger(number) && digits <= 22 ? number / divisor : Number(`${unscaled}e-${digits}`);
  };
}

function bigEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return BigInt.asIntN(bytes.length * 8, value);
}

/** Makes stamps, and shares those of equal time: panels repeat their times in every series. */
function stampMaker(zone: '' | 'Z'): (time: number) => TypedStamp {
  const made = new Map<number, TypedStamp>();
  return (time) => {
    let stamp = made.get(time);
    if (stamp === undefined) {
      stamp = new TypedStamp(time, zone);
      if (made.size < SHARED_STAMPS) made.set(time, stamp);
    }
    return stamp;
  };
}

function timeUnit({ converted_type: converted, logical_type: logical }: SchemaElement): number | null {
  if (logical?.type === 'TIMESTAMP') return { MILLIS: 1, MICROS: 1000, NANOS: 1_000_000 }[logical.unit];
  if (converted === 'TIMESTAMP_MILLIS') return 1;
  return converted === 'TIMESTAMP_MICROS' ? 1000 : null;
}

/** Without a logical type stamps are instants, as the format says. */
function timestamp(element: SchemaElement): Convert {
  const { logical_type: logical } = element;
  const zone = logical?.type === 'TIMESTAMP' && !logical.isAdjustedToUTC ? '' : 'Z';
  const perMs = BigInt(timeUnit(element)!);
  const stamp = stampMaker(zone);
  return (value: bigint) => {
    const time = value / perMs;
    // What is finer than a millisecond stays text, which reading stamps refuses with its place.
    return value % perMs === 0n
      ? stamp(Number(time))
      : `${new TypedStamp(Number(time), zone)} and ${value % perMs} parts of ${perMs} of a millisecond`;
  };
}

/** Nanoseconds of the day, then the Julian day: the stamps of old Spark and Impala, taken as they stand. */
function julianStamp(): Convert {
  const stamp = stampMaker('');
  return (value: bigint) => {
    const day = Number(BigInt.asIntN(32, value >> 64n)) - JULIAN_EPOCH;
    return stamp(day * DAY_MS + Math.round(Number(BigInt.asUintN(64, value)) / 1e6));
  };
}

function text(): Convert {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  return (bytes: Uint8Array) => decoder.decode(bytes);
}

function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
