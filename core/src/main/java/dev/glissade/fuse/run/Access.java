package dev.glissade.fuse.run;

import dev.glissade.fuse.codegen.KernelArguments;
import dev.glissade.fuse.kernel.Kernel;
import dev.glissade.fuse.kernel.StagingBuffers;
import dev.glissade.fuse.plan.Loop;
import dev.glissade.fuse.tape.Ranges;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a kernel accesses the arrays that an execution is bound to: each leaf by itself, the common
 * arrays of packed leaves, or staging copies of one range at a time.
 *
 * @param kernel the kernel for where the arrays are
 * @param ranges the ranges under the indices of the arrays
 * @param arrays the operands, or what to copy
 * @param copies whether each thread needs staging buffers
 */
record Access(Loop loop, Kernel kernel, Ranges ranges, Object[] arrays, boolean copies) {

  /**
   * Points the arguments to a range.
   *
   * @param staging the buffers of the thread, if the access copies
   */
  void enter(KernelArguments arguments, int range, @Nullable StagingBuffers staging) {
    arguments.setRange(ranges, range, loop.tape());
    if (copies) {
      StagingBuffers buffers = Objects.requireNonNull(staging);
      buffers.load(arguments, arrays);
      buffers.redirect(arguments);
    } else {
      arguments.arrays = arrays;
    }
  }

  /** Copies results back after the kernel has run. */
  void leave(KernelArguments arguments, int range, @Nullable StagingBuffers staging) {
    if (copies) {
      Objects.requireNonNull(staging).store(arguments, arrays, ranges, range);
    }
  }
}
