package dev.glissade.fuse.kernel;

import dev.glissade.fuse.codegen.GeneratedLoop;
import dev.glissade.fuse.codegen.KernelArguments;
import dev.glissade.fuse.codegen.VectorApi;
import dev.glissade.fuse.memory.Element;
import dev.glissade.fuse.tape.LaneOrder;
import dev.glissade.fuse.tape.Tape;
import java.util.Arrays;

/**
 * Operands on which a vectorized loop runs before it runs on a user's: pieces of several tiles, of
 * less than a vector, and from the middle of an array, so that the compiler sees every branch of
 * the loop taken.
 */
final class LoopSamples {
  private static final int TILE_ROWS = LaneOrder.ROWS_PER_TILE;

  private final KernelArguments arguments = new KernelArguments(3);
  private final Object[] workspace;

  /**
   * Allocates arrays of ones, so that no operation meets a denormal number, which takes longer; off
   * the heap, zeros.
   *
   * @param offHeap bit a: array a is off-heap
   * @param temporaries the number of temporary arrays
   */
  LoopSamples(Tape tape, VectorApi api, long offHeap, int temporaries, RangeReductions sums) {
    int width = LaneOrder.width(tape.compute());
    int whole = (TILE_ROWS + TILE_ROWS / 8) * width + 1;
    piece(0, 0, whole);
    piece(1, 0, width / 4 + 1);
    piece(2, width / 2, width / 2 + TILE_ROWS / 8 * width);
    Element[] elements = tape.elements();
    Object[] arrays = new Object[tape.arrays()];
    for (int a = 0; a < arrays.length; a++) {
      boolean outside = a < Long.SIZE && (offHeap >>> a & 1) != 0;
      arrays[a] = outside ? api.allocate(elements[a], whole) : ones(elements[a].allocate(whole));
    }
    arguments.arrays = arrays;
    arguments.ensureTemporaries(temporaries, tape.compute());
    Arrays.stream(arguments.temporaries).forEach(LoopSamples::ones);
    arguments.scalars = new double[tape.scalars() + tape.leafScalars()];
    Arrays.fill(arguments.scalars, 1);
    arguments.keys = new long[tape.keys()];
    this.workspace = sums.workspace(tape.compute());
  }

  private void piece(int number, int from, int to) {
    arguments.from[number] = from;
    arguments.to[number] = to;
    arguments.pieces = number + 1;
    if (number > 0) {
      int before = arguments.to[number - 1] - arguments.from[number - 1];
      int position = arguments.position[number - 1];
      arguments.position[number] = LaneOrder.positionAfter(position, before);
    }
  }

  private static Object ones(Object array) {
    if (array instanceof float[] floats) {
      Arrays.fill(floats, 1);
    } else if (array instanceof double[] doubles) {
      Arrays.fill(doubles, 1);
    }
    return array;
  }

  /** Runs a loop several times; returns the least nanoseconds that a run took. */
  long time(GeneratedLoop loop, int runs) {
    Arrays.stream(workspace).forEach(LoopSamples::ones);
    Arrays.stream(arguments.arrays).forEach(LoopSamples::ones);
    long least = Long.MAX_VALUE;
    for (int run = 0; run < runs; run++) {
      long start = System.nanoTime();
      loop.run(arguments, workspace);
      least = Math.min(least, System.nanoTime() - start);
    }
    return least;
  }
}
