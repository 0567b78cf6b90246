package dev.glissade.fuse.run;

import dev.glissade.fuse.codegen.KernelArguments;
import dev.glissade.fuse.graph.Reduction;
import dev.glissade.fuse.kernel.Interpreter;
import dev.glissade.fuse.kernel.Kernel;
import dev.glissade.fuse.kernel.StagingBuffers;
import dev.glissade.fuse.plan.Loop;
import dev.glissade.fuse.tape.Ranges;

/**
 * Finishes a range after the virtual machine ran out of memory in the middle of it, when some
 * results have already overwritten inputs. It restarts the range from a copy of its inputs in the
 * interpreter, which allocates nothing and computes the same bits.
 */
final class MemoryFallback {
  private final Loop loop;
  private final StagingBuffers staging;
  private final Kernel kernel;
  private final Object scratch;

  MemoryFallback(Loop loop) {
    this.loop = loop;
    this.staging = new StagingBuffers(loop.tape(), loop.ranges().mostPositions());
    this.kernel = new Interpreter(loop.tape(), loop.kernel().order());
    this.scratch = kernel.scratch();
    warmUp();
  }

  /** Runs all the code once, because the first run loads classes, which allocates memory. */
  private void warmUp() {
    KernelArguments arguments = new KernelArguments(1);
    arguments.scalars = new double[loop.scalars().length + loop.tape().leafScalars()];
    arguments.ensureTemporaries(loop.tape().staged(), loop.tape().compute());
    arguments.keys = new long[loop.tape().keys()];
    arguments.pieces = 1;
    arguments.to[0] = Math.min(1, loop.ranges().mostPositions());
    Ranges one = new Ranges(new int[1], new int[1], new int[1], new int[] {0, 1});
    Object[] arrays = staging.sampleArrays();
    staging.load(arguments, arrays);
    staging.redirect(arguments);
    kernel.run(arguments, new double[loop.tape().reductionSlots()], 0, scratch);
    staging.store(arguments, arrays, one, 0);
    for (Reduction kind : loop.tape().reductions()) {
      kind.result(kind.join(0, 0));
    }
  }

  /** Copies the inputs of a range before it runs. */
  void keep(KernelArguments arguments, Object[] arrays, int range) {
    arguments.setRange(loop.ranges(), range, loop.tape());
    staging.load(arguments, arrays);
  }

  /** Runs the range from the copy and stores all results. */
  void finish(KernelArguments arguments, Object[] arrays, int range, double[] partials, int at) {
    arguments.setRange(loop.ranges(), range, loop.tape());
    staging.redirect(arguments);
    kernel.run(arguments, partials, at, scratch);
    staging.store(arguments, arrays, loop.ranges(), range);
  }
}
