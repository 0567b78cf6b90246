package dev.glissade.fuse.tape;

import dev.glissade.fuse.memory.Element;
import java.util.Arrays;

/**
 * A loop's leaves cut into ranges of at most 32,768 positions, as {@link LaneOrder#next} counts:
 * pieces of large leaves, or several small leaves together. The cut depends on the sizes and the
 * type alone, and each range has its own partial sums, so that no result depends on the number of
 * threads. A large leaf is cut where an array's cache lines begin, which is not at its first
 * element: vectors across two lines make a loop that only reads a quarter slower.
 *
 * @param leaf the leaf of each piece
 * @param from the first element of each piece
 * @param length the elements of each piece
 * @param first the first piece of each range; then, at the end, the number of pieces
 */
public record Ranges(int[] leaf, int[] from, int[] length, int[] first) {

  /**
   * Elements that a kernel works on at a time: what one section stores, the next one finds in
   * cache.
   */
  public static final int SIZE = 32_768;

  /** The bytes of an array before its elements. */
  private static final int HEADER_BYTES = 16;

  public static Ranges of(int[] sizes, Element compute) {
    long header = HEADER_BYTES / compute.bytes();
    long most = 0;
    for (int size : sizes) {
      most += size == 0 ? 0 : (size + header + SIZE - 1L) / SIZE;
    }
    int pieces = Math.toIntExact(most);
    int[] leaf = new int[pieces];
    int[] from = new int[pieces];
    int[] length = new int[pieces];
    int[] first = new int[pieces + 1];
    int piece = 0;
    int ranges = 0;
    int room = 0;
    for (int l = 0; l < sizes.length; l++) {
      for (long start = sizes[l] == 0 ? 0 : -header; start < sizes[l]; start += SIZE) {
        leaf[piece] = l;
        from[piece] = (int) Math.max(start, 0);
        length[piece] = (int) Math.min(start + SIZE, sizes[l]) - from[piece];
        int positions = LaneOrder.next(0, length[piece]);
        if (positions > room) {
          first[ranges++] = piece;
          room = SIZE;
        }
        room -= positions;
        piece++;
      }
    }
    first[ranges] = pieces;
    return new Ranges(leaf, from, length, Arrays.copyOf(first, ranges + 1));
  }

  public int count() {
    return first.length - 1;
  }

  /** The most elements that a range has. */
  public int mostElements() {
    int most = 0;
    for (int r = 0; r < count(); r++) {
      int elements = 0;
      for (int piece = first[r]; piece < first[r + 1]; piece++) {
        elements += length[piece];
      }
      most = Math.max(most, elements);
    }
    return most;
  }

  /** The most pieces that a range has. */
  public int mostPieces() {
    int most = 0;
    for (int r = 0; r < count(); r++) {
      most = Math.max(most, first[r + 1] - first[r]);
    }
    return most;
  }
}
