package dev.glissade.fuse.kernel;

import dev.glissade.fuse.codegen.KernelArguments;
import dev.glissade.fuse.memory.Element;
import dev.glissade.fuse.tape.Ranges;
import dev.glissade.fuse.tape.Tape;
import java.util.Arrays;

/**
 * Staging copies of one range, for leaves that are not all in Java arrays: loops that the compiler
 * vectorizes access all arrays under one index, which excludes buffers.
 */
public final class StagingBuffers {
  private final Element[] elements;
  private final boolean[] read;
  private final boolean[] written;
  private final Object[] blocks;

  /**
   * @param size the positions of the largest range
   */
  public StagingBuffers(Tape tape, int size) {
    this.elements = Arrays.copyOf(tape.elements(), tape.arrays());
    this.read = new boolean[tape.arrays()];
    this.written = new boolean[tape.arrays()];
    this.blocks = new Object[tape.arrays()];
    tape.all(Tape.Load.class).forEach(load -> mark(read, load.array()));
    tape.all(Tape.Store.class).forEach(store -> mark(written, store.array()));
    Arrays.setAll(blocks, a -> elements[a].allocate(size));
  }

  private static void mark(boolean[] arrays, int array) {
    if (array < arrays.length) {
      arrays[array] = true;
    }
  }

  /** Allocates arrays of one element each, like the arrays of a leaf. */
  public Object[] sampleArrays() {
    return Arrays.stream(elements).map(element -> element.allocate(1)).toArray();
  }

  /** Copies what the tape loads from the pieces of a range. */
  public void load(KernelArguments arguments, Object[] arrays) {
    for (int p = 0; p < arguments.pieces; p++) {
      int at = arguments.position[p];
      int count = arguments.to[p] - arguments.from[p];
      for (int a = 0; a < blocks.length; a++) {
        if (read[a]) {
          elements[a].copy(arrays[arguments.array[p] + a], arguments.from[p], blocks[a], at, count);
        }
      }
    }
  }

  /** Copies what the tape stores back to the pieces of a range. */
  public void store(KernelArguments arguments, Object[] arrays, Ranges ranges, int range) {
    int first = ranges.first()[range];
    for (int p = 0; p < arguments.pieces; p++) {
      int base = ranges.leaf()[first + p] * blocks.length;
      int count = arguments.to[p] - arguments.from[p];
      for (int a = 0; a < blocks.length; a++) {
        if (written[a]) {
          int to = arguments.from[p] + arguments.offset[p];
          elements[a].copy(blocks[a], arguments.from[p], arrays[base + a], to, count);
        }
      }
    }
  }

  /** Points the arguments to the copies, which lie at the positions of the pieces. */
  public void redirect(KernelArguments arguments) {
    for (int p = 0; p < arguments.pieces; p++) {
      int at = arguments.position[p];
      int count = arguments.to[p] - arguments.from[p];
      arguments.array[p] = 0;
      arguments.offset[p] = arguments.from[p] - at;
      arguments.from[p] = at;
      arguments.to[p] = at + count;
    }
    arguments.arrays = blocks;
  }
}
