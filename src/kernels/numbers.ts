/** Numbers as types, since generics take types only: offsetof<Six>() is 6. They name the rows and columns of register tiles. */
@unmanaged export class One { a: u8; }
@unmanaged export class Two { a: u16; }
@unmanaged export class Three { a: u16; b: u8; }
@unmanaged export class Four { a: u32; }
@unmanaged export class Five { a: u32; b: u8; }
@unmanaged export class Six { a: u32; b: u16; }
@unmanaged export class Eight { a: u64; }
@unmanaged export class Sixteen { a: u64; b: u64; }
