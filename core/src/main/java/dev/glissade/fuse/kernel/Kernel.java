package dev.glissade.fuse.kernel;

import dev.glissade.fuse.codegen.KernelArguments;
import dev.glissade.fuse.tape.LaneOrder;
import org.jspecify.annotations.Nullable;

/** A tape that can run. Immutable and shared; everything that changes is an argument. */
public interface Kernel {

  /**
   * Works on one range.
   *
   * @param partials takes each reduction's result over the range
   * @param at where in it the first goes
   * @param scratch of {@link #scratch()}, for one thread
   */
  void run(KernelArguments work, double[] partials, int at, Object scratch);

  /**
   * What runs the same tape where some arrays are memory outside of the heap, as {@link
   * Vectors#given} gives it; null if they have to be copied to arrays.
   *
   * @param memory bit a: array a is outside of the heap
   */
  default @Nullable Kernel on(long memory) {
    return memory == 0 ? this : null;
  }

  /** How many temporary arrays it needs in its work. */
  default int temporaries() {
    return 0;
  }

  /** Whether it needs all arrays under one index, as copies have them. */
  default boolean copies() {
    return false;
  }

  /** The order of its reductions. */
  LaneOrder order();

  /**
   * How many ranges it runs until, as far as can be known, nothing is allocated any more: by the
   * virtual machine, for code that runs for the first time or is not compiled yet.
   */
  int settling();

  /** Makes everything that it would make when it is first needed. */
  default void complete() {}

  /** How it runs, for people. */
  String name();

  /** Room to work in. */
  Object scratch();
}
