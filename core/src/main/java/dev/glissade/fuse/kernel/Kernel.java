package dev.glissade.fuse.kernel;

import dev.glissade.fuse.codegen.KernelArguments;
import dev.glissade.fuse.codegen.VectorApi;
import dev.glissade.fuse.tape.LaneOrder;
import org.jspecify.annotations.Nullable;

/** An executable tape. Kernels are immutable and shared; all mutable state is in the arguments. */
public interface Kernel {

  /**
   * Runs the tape over one range.
   *
   * @param partials receives the result of each reduction over the range
   * @param at the index of the first result in {@code partials}
   * @param scratch the calling thread's {@link #scratch()}
   */
  void run(KernelArguments arguments, double[] partials, int at, Object scratch);

  /**
   * Returns the kernel of the same tape for arrays of which some are off-heap memory, as {@link
   * VectorApi#operand} returns it; null if those arrays have to be staged.
   *
   * @param memory bit a: array a is off-heap
   */
  default @Nullable Kernel offHeap(long memory) {
    return memory == 0 ? this : null;
  }

  /** Returns how many temporary arrays the arguments must have. */
  default int temporaries() {
    return 0;
  }

  /** Returns whether all arrays must share one index, as only staging buffers do. */
  default boolean needsCopies() {
    return false;
  }

  /** Returns the order of its reductions. */
  LaneOrder order();

  /**
   * Returns the number of ranges after which, as far as is known, the virtual machine has loaded
   * and compiled the kernel's code and allocates nothing more for it.
   */
  int warmupRanges();

  /** Returns whether a range may allocate now, if fewer than {@link #warmupRanges} of such ran. */
  default boolean mayAllocate() {
    return true;
  }

  /** Generates all loops that the kernel otherwise generates on demand. */
  default void generateAll() {}

  /** Returns the name of the kind of kernel in reports. */
  String name();

  /** Allocates the scratch space of a thread. */
  Object scratch();
}
