package dev.glissade.fuse.run;

import dev.glissade.fuse.codegen.VectorApi;
import dev.glissade.fuse.plan.Loop;
import dev.glissade.fuse.tape.Ranges;
import dev.glissade.fuse.tape.Tape;
import java.nio.Buffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Leaves that are slices of common arrays, each at the same offset in all arrays of the loop. The
 * loop then accesses them under one index, as if the common arrays were the leaves. Unless the loop
 * reduces, or has operands of its own for each leaf, adjacent leaves become one piece.
 */
final class PackedLeaves {
  private final Loop loop;
  private final int count;
  private final Object[] arrays;

  /** The storage bound last, of which the next one often repeats most, and its offsets. */
  private final @Nullable Object[] seen;

  private final int[] offsets;

  /** The offset of each leaf, and whether its arrays are those of the leaf before. */
  private final int[] bases;

  private final boolean[] joined;
  private boolean valid;

  /** The ranges of the loop under the indices of the common arrays. */
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
    this.offsets = new int[arrays.length];
    this.ranges =
        new Ranges(new int[pieces], new int[pieces], new int[pieces], new int[own.count() + 1]);
  }

  /** Returns whether packing may let the loop access the storage. */
  static boolean canPack(Loop loop, @Nullable Object[] storage) {
    boolean any = false;
    for (Object array : storage) {
      any |= array instanceof Buffer buffer && !buffer.isDirect();
    }
    // The counter of random numbers is the index in the leaf itself.
    return any && loop.tape().keys() == 0;
  }

  Ranges ranges() {
    return ranges;
  }

  /** Returns the common arrays, leaf by leaf. */
  Object[] arrays() {
    return arrays;
  }

  /**
   * Binds the arrays and buffers of all leaves; returns whether they are slices at the same offsets
   * of common arrays.
   */
  @SuppressWarnings("ReferenceEquality") // buffers of equal content are not the same slice
  boolean bind(@Nullable Object[] storage) {
    for (int at = 0; at < storage.length; at++) {
      if (storage[at] == null || (storage[at] != seen[at] && !findArray(at, storage[at]))) {
        return false;
      }
    }
    for (int leaf = 0; leaf < bases.length; leaf++) {
      if (!hasOneOffset(leaf)) {
        return false;
      }
    }
    if (!valid) {
      cutRanges();
      valid = true;
    }
    return true;
  }

  private boolean findArray(int at, Object storage) {
    Object array = array(storage);
    if (array == null) {
      return false;
    }
    arrays[at] = array;
    offsets[at] = storage instanceof Buffer buffer ? buffer.arrayOffset() : 0;
    seen[at] = storage;
    return true;
  }

  /** Returns whether a leaf has one offset in all its arrays; invalidates ranges that changed. */
  @SuppressWarnings("ReferenceEquality") // the very same arrays
  private boolean hasOneOffset(int leaf) {
    int first = leaf * count;
    boolean joins = leaf > 0;
    for (int at = first; at < first + count; at++) {
      if (offsets[at] != offsets[first]) {
        return false;
      }
      joins &= leaf > 0 && arrays[at] == arrays[at - count];
    }
    valid &= bases[leaf] == offsets[first] && joined[leaf] == joins;
    bases[leaf] = offsets[first];
    joined[leaf] = joins;
    return true;
  }

  /** Returns the array of a plane; null if it has none, or an inaccessible one. */
  private static @Nullable Object array(Object storage) {
    if (!(storage instanceof Buffer buffer)) {
      return storage;
    }
    boolean accessible = buffer.hasArray() && VectorApi.order(buffer) == ByteOrder.nativeOrder();
    return accessible ? buffer.array() : null;
  }

  private void cutRanges() {
    Tape tape = loop.tape();
    boolean joins = loop.reductions().length == 0 && tape.leafScalars() + tape.staged() == 0;
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

  /** Returns whether a leaf's elements from an index on are adjacent to the end of a piece. */
  private boolean follows(int piece, int leaf, int from) {
    boolean follows = ranges.from()[piece] + ranges.length()[piece] == from;
    for (int next = ranges.leaf()[piece] + 1; follows && next <= leaf; next++) {
      follows = joined[next];
    }
    return follows;
  }
}
