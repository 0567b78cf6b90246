package dev.glissade.fuse.kernel;

import dev.glissade.fuse.codegen.KernelArguments;
import dev.glissade.fuse.memory.Element;
import dev.glissade.fuse.tape.Ranges;
import dev.glissade.fuse.tape.Tape;

/**
 * Copies of one range, for leaves that are not all in Java arrays: the loops that vectorise have
 * all their arrays under one index, which a buffer can't be.
 */
public final class StagingBuffers {
  private final Element[] elements;
  private final boolean[] read;
  private final boolean[] written;
  private final Object[] blocks;

  /**
   * @param size the most elements of a range
   */
  public StagingBuffers(Tape tape, int size) {
    this.elements = new Element[tape.arrays()];
    this.read = new boolean[tape.arrays()];
    this.written = new boolean[tape.arrays()];
    this.blocks = new Object[tape.arrays()];
    for (Tape.Instruction instruction : tape.code()) {
      if (instruction instanceof Tape.Load load) {
        read[load.array()] = true;
        elements[load.array()] = load.element();
      } else if (instruction instanceof Tape.Store store) {
        written[store.array()] = true;
        elements[store.array()] = store.element();
      }
    }
    for (int a = 0; a < blocks.length; a++) {
      blocks[a] = elements[a].allocate(size);
    }
  }

  /** Arrays of one element each, as a leaf's arrays. */
  public Object[] like() {
    Object[] arrays = new Object[blocks.length];
    for (int a = 0; a < arrays.length; a++) {
      arrays[a] = elements[a].allocate(1);
    }
    return arrays;
  }

  /** Copies what is read. */
  public void load(KernelArguments work, Object[] given) {
    int at = 0;
    for (int p = 0; p < work.pieces; p++) {
      int count = work.to[p] - work.from[p];
      for (int a = 0; a < blocks.length; a++) {
        if (read[a]) {
          elements[a].copy(given[work.array[p] + a], work.from[p], blocks[a], at, count);
        }
      }
      at += count;
    }
  }

  /** Copies what was written back to the pieces of a range. */
  public void store(KernelArguments work, Object[] given, Ranges ranges, int range) {
    int first = ranges.first()[range];
    for (int p = 0; p < work.pieces; p++) {
      int base = ranges.leaf()[first + p] * blocks.length;
      int count = work.to[p] - work.from[p];
      for (int a = 0; a < blocks.length; a++) {
        if (written[a]) {
          int to = work.from[p] + work.offset[p];
          elements[a].copy(blocks[a], work.from[p], given[base + a], to, count);
        }
      }
    }
  }

  /** Lets the work be on the copies. */
  public void redirect(KernelArguments work) {
    int at = 0;
    for (int p = 0; p < work.pieces; p++) {
      int count = work.to[p] - work.from[p];
      work.array[p] = 0;
      work.offset[p] = work.from[p] - at;
      work.from[p] = at;
      work.to[p] = at + count;
      at += count;
    }
    work.arrays = blocks;
  }
}
