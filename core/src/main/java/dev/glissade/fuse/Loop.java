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
   * Elements that a kernel works on at a time: what one section leaves, the next finds in cache.
   */
  static final int RANGE = 4096;

  /** Elements of an interpreter's block, and lanes of a reduction. */
  static final int BLOCK = 512;

  /** A plane of the frame: of a target's result, or of a node's value. */
  record ArrayRef(boolean ofTarget, int index, int plane) {
    ArrayRef at(int otherPlane) {
      return new ArrayRef(ofTarget, index, otherPlane);
    }

    Object array(Frame frame) {
      Plane[] planes = ofTarget ? frame.results[index] : frame.planes(index);
      if (planes == null) {
        throw new IllegalStateException("target " + index + " has no room");
      }
      return planes[plane].array();
    }
  }

  /** Room for one loop's arguments in one frame. */
  static final class Arguments {
    private final Object[] arrays;
    private final double[] scalars;
    private final long[] keys;
    private final double[] partials;
    private final Object scratch;

    Arguments(Loop loop) {
      this.arrays = new Object[loop.arrays.length];
      this.scalars = new double[loop.scalars.length];
      this.keys = new long[loop.keys.length];
      this.partials = new double[loop.reductions.length];
      this.scratch = loop.kernel.scratch();
    }

    private void fill(Loop loop, Frame frame) {
      for (int i = 0; i < arrays.length; i++) {
        arrays[i] = loop.arrays[i].array(frame);
      }
      for (int i = 0; i < scalars.length; i++) {
        scalars[i] = frame.values[loop.scalars[i]];
      }
      for (int i = 0; i < keys.length; i++) {
        keys[i] = frame.keys[loop.keys[i]];
      }
    }
  }

  void run(Frame frame) {
    Arguments with = frame.arguments(this);
    with.fill(this, frame);
    for (int from = 0; from < size; from += RANGE) {
      int to = Math.min(from + RANGE, size);
      kernel.run(with.arrays, with.scalars, with.keys, from, to, with.partials, with.scratch);
      for (int r = 0; r < reductions.length; r++) {
        int node = reductions[r];
        frame.values[node] = tape.reductions().get(r).combine(frame.values[node], with.partials[r]);
      }
    }
  }
}
