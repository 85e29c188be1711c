/** Sizes of the blocks in which the recurrent layers go over rows, chosen for a first-level cache of 32 kB. */

/** Rows whose pre-activations of one group (2 × 64 bytes a row) stay in L1 beside the weights. */
export const GROUP_ROWS: i32 = 60;
/** Rows of scratch that the host provides: two panels of GROUP_ROWS. */
export const SCRATCH_ROWS: i32 = 120;
/** Time steps × batch rows whose δ's are kept for one rank update of the weight gradients. */
export const CHUNK_ROWS: i32 = 192;
