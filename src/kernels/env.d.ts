/** Rows of a register tile, 4 or 6: set for each tier by tools/build-kernels.mjs (`--use TILE_ROWS=…`). For editors only. */
declare const TILE_ROWS: i32;
/** Whether a register tile has 16 columns instead of 8. For editors only, as above. */
declare const WIDE_TILES: bool;
