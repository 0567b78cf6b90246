package dev.glissade.fuse;

/**
 * One kernel over one run of elements: which arrays, scalars and keys of the frame are the tape's
 * arguments, and where its reductions go.
 *
 * @param arrays references: a node's plane, or a target's plane
 * @param reductions the nodes that take the results
 */
record Loop(
    Tape tape,
    Kernel kernel,
    int size,
    ArrayRef[] arrays,
    int[] scalars,
    int[] keys,
    int[] reductions) {

  /**
   * Elements that a kernel works on at a time, so that what one loop leaves, the next finds in
   * cache.
   */
  static final int RANGE = 4096;

  /** Elements of an interpreter's block, and lanes of a reduction. */
  static final int BLOCK = 512;

  /** A plane of the frame: of a target's result, or of a node's value. */
  record ArrayRef(boolean ofTarget, int index, int plane) {
    Object array(Frame frame) {
      Plane[] planes = ofTarget ? frame.results[index] : frame.planes(index);
      if (planes == null) {
        throw new IllegalStateException("target " + index + " has no room");
      }
      return planes[plane].array();
    }
  }

  void run(Frame frame) {
    Object[] held = new Object[arrays.length];
    for (int i = 0; i < held.length; i++) {
      held[i] = arrays[i].array(frame);
    }
    double[] numbers = new double[scalars.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = frame.values[scalars[i]];
    }
    long[] draws = new long[keys.length];
    for (int i = 0; i < draws.length; i++) {
      draws[i] = frame.keys[keys[i]];
    }
    double[] partials = new double[reductions.length];
    double[][] workspace = frame.workspace(kernel.workspace());
    for (int from = 0; from < size; from += RANGE) {
      int to = Math.min(from + RANGE, size);
      kernel.run(held, numbers, draws, from, to, partials, workspace);
      for (int r = 0; r < partials.length; r++) {
        int node = reductions[r];
        Reduction kind = tape.reductions().get(r);
        frame.values[node] = kind.combine(frame.values[node], partials[r]);
      }
    }
  }
}
