package dev.glissade.fuse.tape;

import dev.glissade.fuse.memory.Element;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The leaves of a loop, cut into ranges of at most 32,768 positions: pieces of large leaves, or
 * several small leaves together. The cut depends only on the sizes and the type, and each range has
 * its own partial sums, so no result depends on the number of threads. Cuts of a large leaf align
 * to the cache lines of an array, whose first element is not at the beginning of a line: vectors
 * that cross lines make a loop that only reads a quarter slower.
 *
 * @param leaf the leaf of each piece
 * @param from the first element of each piece
 * @param length the number of elements of each piece
 * @param first the first piece of each range, then the number of pieces
 */
public record Ranges(int[] leaf, int[] from, int[] length, int[] first) {

  /** The elements of a full range: few enough that a section finds in cache what others stored. */
  public static final int SIZE = 32_768;

  /** The same for loops with staged arrays, which others read and write before and after a loop. */
  public static final int STAGED_SIZE = 32_768;

  /** The size of an array header. */
  private static final int HEADER_BYTES = 16;

  /** Cuts leaves into ranges of full size, of which some may hold several small leaves. */
  public static Ranges of(int[] sizes, Element compute) {
    return of(sizes, compute, SIZE, false);
  }

  /**
   * Cuts leaves into ranges.
   *
   * @param size the positions of a full range
   * @param apart whether each range has a leaf of its own
   */
  public static Ranges of(int[] sizes, Element compute, int size, boolean apart) {
    long header = HEADER_BYTES / compute.bytes();
    long most = 0;
    for (int leaf : sizes) {
      most += leaf == 0 ? 0 : (leaf + header + size - 1L) / size;
    }
    int pieces = Math.toIntExact(most);
    int[] leafs = new int[pieces];
    int[] from = new int[pieces];
    int[] length = new int[pieces];
    int[] first = new int[pieces + 1];
    int piece = 0;
    int ranges = 0;
    int free = 0;
    for (int l = 0; l < sizes.length; l++) {
      for (long start = sizes[l] == 0 ? 0 : -header; start < sizes[l]; start += size) {
        leafs[piece] = l;
        from[piece] = (int) Math.max(start, 0);
        length[piece] = (int) Math.min(start + size, sizes[l]) - from[piece];
        int positions = LaneOrder.positionAfter(0, length[piece]);
        if (apart || positions > free) {
          first[ranges++] = piece;
          free = size;
        }
        free -= positions;
        piece++;
      }
    }
    first[ranges] = pieces;
    return new Ranges(leafs, from, length, Arrays.copyOf(first, ranges + 1));
  }

  public int count() {
    return first.length - 1;
  }

  /** Returns the number of positions of the largest range. */
  public int mostPositions() {
    return IntStream.range(0, count()).map(this::positions).max().orElse(0);
  }

  private int positions(int range) {
    int positions = 0;
    for (int piece = first[range]; piece < first[range + 1]; piece++) {
      positions = LaneOrder.positionAfter(positions, length[piece]);
    }
    return positions;
  }

  /** Returns the largest number of pieces of a range. */
  public int mostPieces() {
    return IntStream.range(0, count()).map(r -> first[r + 1] - first[r]).max().orElse(0);
  }
}
