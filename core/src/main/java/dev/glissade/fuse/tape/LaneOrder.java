package dev.glissade.fuse.tape;

import dev.glissade.fuse.memory.Element;

/**
 * Assigns the elements of a range to the 512 lanes of a reduction; each kind of loop has its order.
 * Both orders give each lane 64 elements of a large leaf. Of many small leaves, COLUMNS gives more
 * elements to the first lanes (all scalars go to one), while ROWS gives equal numbers to each 16th
 * lane and fewer to the lanes after it.
 */
public enum LaneOrder {
  /** Element i of each piece goes to lane i % 512, so lanes and arrays share an index. */
  COLUMNS,
  /**
   * A tile of 64 rows, each with 64 bytes of elements, goes to the same lanes, which stay in
   * registers; the next tile goes to the next lanes. Each piece begins a row.
   */
  ROWS;

  /** The lanes of a reduction, and the elements of an interpreted block. */
  public static final int LANES = 512;

  /** The rows of a tile; a power of two. */
  public static final int ROWS_PER_TILE = 64;

  private static final int ROW_BYTES = 64;

  /** Returns the elements of a row, for a tape that computes in a type. */
  public static int width(Element compute) {
    return ROW_BYTES / compute.bytes();
  }

  /** Returns the position of the next piece, aligned to a row of any type. */
  public static int positionAfter(int position, int elements) {
    int row = ROW_BYTES / Element.F32.bytes();
    return position + (elements + row - 1) / row * row;
  }

  /**
   * Returns the lane of an element.
   *
   * @param width the {@link #width} of the tape
   * @param begin the position of the piece's first element in its range
   * @param number the element's number in the piece
   */
  public int lane(int width, int begin, int number) {
    if (this == COLUMNS) {
      return number % LANES;
    }
    int position = begin + number;
    return (position / ROWS_PER_TILE & LANES - width) | (position & width - 1);
  }
}
