package dev.glissade.fuse.run;

import dev.glissade.fuse.codegen.VectorApi;
import dev.glissade.fuse.plan.Loop;
import dev.glissade.fuse.tape.Ranges;
import java.nio.Buffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Leaves that are slices of common arrays, each at the same place of all that a loop takes: loops
 * then have them under one index, as if the common arrays were the leaves. Without a reduction,
 * neighbours are one piece.
 */
final class PackedLeaves {
  private final Loop loop;
  private final int count;
  private final Object[] arrays;

  /** What {@link #arrays} were found in, and where: often most of it comes again. */
  private final @Nullable Object[] seen;

  private final int[] begins;

  /** Per leaf, where it begins, and whether its arrays are those of the leaf before. */
  private final int[] bases;

  private final boolean[] joined;
  private boolean cut;

  /** The loop's ranges under the indices of the common arrays; found anew for other arrays. */
  private final Ranges ranges;

  PackedLeaves(Loop loop) {
    Ranges own = loop.ranges();
    int pieces = own.leaf().length;
    this.loop = loop;
    this.count = loop.tape().arrays();
    this.bases = new int[loop.sizes().length];
    this.joined = new boolean[bases.length];
    this.arrays = new Object[loop.arrays().length];
    this.seen = new Object[arrays.length];
    this.begins = new int[arrays.length];
    this.ranges =
        new Ranges(new int[pieces], new int[pieces], new int[pieces], new int[own.count() + 1]);
  }

  /** Whether a loop may work on slices that lie so. */
  static boolean may(Loop loop, @Nullable Object[] storage) {
    boolean any = false;
    for (Object own : storage) {
      any |= own instanceof Buffer buffer && !buffer.isDirect();
    }
    // Random numbers are drawn by the index in the leaf itself.
    return any && loop.tape().keys() == 0;
  }

  Ranges ranges() {
    return ranges;
  }

  /** The common arrays, as a kernel takes them. */
  Object[] arrays() {
    return arrays;
  }

  /**
   * Takes each leaf's arrays and buffers; whether they are slices that lie at the same places of
   * common arrays.
   */
  @SuppressWarnings("ReferenceEquality") // buffers of equal content are not the same slice
  boolean take(@Nullable Object[] storage) {
    for (int at = 0; at < storage.length; at++) {
      if (storage[at] == null || (storage[at] != seen[at] && !found(at, storage[at]))) {
        return false;
      }
    }
    for (int leaf = 0; leaf < bases.length; leaf++) {
      if (!isOnePlace(leaf)) {
        return false;
      }
    }
    if (!cut) {
      cut();
      cut = true;
    }
    return true;
  }

  private boolean found(int at, Object storage) {
    Object array = array(storage);
    if (array == null) {
      return false;
    }
    arrays[at] = array;
    begins[at] = storage instanceof Buffer buffer ? buffer.arrayOffset() : 0;
    seen[at] = storage;
    return true;
  }

  /** Whether a leaf begins at one place of all its arrays; finds out whether to cut anew. */
  @SuppressWarnings("ReferenceEquality") // the very same arrays
  private boolean isOnePlace(int leaf) {
    int first = leaf * count;
    boolean joins = leaf > 0;
    for (int at = first; at < first + count; at++) {
      if (begins[at] != begins[first]) {
        return false;
      }
      joins &= leaf > 0 && arrays[at] == arrays[at - count];
    }
    cut &= bases[leaf] == begins[first] && joined[leaf] == joins;
    bases[leaf] = begins[first];
    joined[leaf] = joins;
    return true;
  }

  /** The array that a plane's array or buffer is in; null if it is in none, or out of reach. */
  private static @Nullable Object array(Object storage) {
    if (!(storage instanceof Buffer buffer)) {
      return storage;
    }
    boolean there = buffer.hasArray() && VectorApi.order(buffer) == ByteOrder.nativeOrder();
    return there ? buffer.array() : null;
  }

  private void cut() {
    boolean joins = loop.reductions().length == 0;
    Ranges own = loop.ranges();
    int next = 0;
    for (int range = 0; range < own.count(); range++) {
      ranges.first()[range] = next;
      for (int piece = own.first()[range]; piece < own.first()[range + 1]; piece++) {
        int leaf = own.leaf()[piece];
        int from = bases[leaf] + own.from()[piece];
        int length = own.length()[piece];
        int last = next - 1;
        if (joins && next > ranges.first()[range] && follows(last, leaf, from)) {
          ranges.length()[last] += length;
        } else {
          ranges.leaf()[next] = leaf;
          ranges.from()[next] = from;
          ranges.length()[next++] = length;
        }
      }
    }
    ranges.first()[own.count()] = next;
  }

  /** Whether a leaf's elements from there on are behind those of a piece. */
  private boolean follows(int piece, int leaf, int from) {
    boolean follows = ranges.from()[piece] + ranges.length()[piece] == from;
    for (int next = ranges.leaf()[piece] + 1; follows && next <= leaf; next++) {
      follows = joined[next];
    }
    return follows;
  }
}
