package dev.glissade.fuse.tape;

import dev.glissade.fuse.memory.Element;

/**
 * Which of a reduction's 512 lanes takes an element of a range: each order suits the loops of one
 * kind. Of a large leaf either gives 64 elements to a lane. Of many small ones the first gives more
 * to the first lanes (of scalars all to one), the other as many to each 16th lane and fewer to
 * those behind it.
 */
public enum LaneOrder {
  /** Element i of each piece goes to lane i % 512: a lane is under the element's own index. */
  COLUMNS,
  /**
   * A row of 64 bytes of elements goes to as many lanes, the next 63 rows to the same, which stay
   * in registers, and then it is the next lanes' turn. Each piece begins a row.
   */
  ROWS;

  /** Lanes of a reduction, and elements of an interpreter's block. */
  public static final int LANES = 512;

  /** Rows that go to the same lanes; a power of two. */
  public static final int ROWS_A_TURN = 64;

  private static final int ROW_BYTES = 64;

  /** The elements of a row, of a tape of that type. */
  public static int width(Element compute) {
    return ROW_BYTES / compute.bytes();
  }

  /** Where the piece behind one of so many elements begins, in rows of any type. */
  public static int next(int position, int elements) {
    int row = ROW_BYTES / Element.F32.bytes();
    return position + (elements + row - 1) / row * row;
  }

  /**
   * The lane of an element.
   *
   * @param width of the tape's type
   * @param begin the position of the piece's first element in its range, as {@link #next} counts
   * @param number the element's number in the piece
   */
  public int lane(int width, int begin, int number) {
    if (this == COLUMNS) {
      return number % LANES;
    }
    int position = begin + number;
    return (position / ROWS_A_TURN & LANES - width) | (position & width - 1);
  }
}
