package dev.glissade.fuse.run;

import dev.glissade.fuse.codegen.KernelArguments;
import dev.glissade.fuse.graph.Reduction;
import dev.glissade.fuse.kernel.Interpreter;
import dev.glissade.fuse.kernel.Kernel;
import dev.glissade.fuse.kernel.StagingBuffers;
import dev.glissade.fuse.plan.Loop;
import dev.glissade.fuse.tape.Ranges;

/**
 * Finishes a range when the virtual machine runs out of memory in the middle of it, after some
 * results have overwritten inputs. It runs the range again from a copy of what the range reads, in
 * the interpreter, which allocates nothing and gives the same bits.
 */
final class MemoryFallback {
  private final Loop loop;
  private final StagingBuffers staging;
  private final Kernel kernel;
  private final Object scratch;

  MemoryFallback(Loop loop) {
    this.loop = loop;
    this.staging = new StagingBuffers(loop.tape(), loop.ranges().mostElements());
    this.kernel = new Interpreter(loop.tape(), loop.kernel().order());
    this.scratch = kernel.scratch();
    rehearse();
  }

  /** Runs all the code once, because the first run loads classes, which takes memory. */
  private void rehearse() {
    KernelArguments work = new KernelArguments(1);
    work.scalars = new double[loop.scalars().length];
    work.keys = new long[loop.tape().keys()];
    work.pieces = 1;
    work.to[0] = Math.min(1, loop.ranges().mostElements());
    Ranges one = new Ranges(new int[1], new int[1], new int[1], new int[] {0, 1});
    Object[] arrays = staging.like();
    staging.load(work, arrays);
    staging.redirect(work);
    kernel.run(work, new double[loop.tape().reductionRoom()], 0, scratch);
    staging.store(work, arrays, one, 0);
    for (Reduction kind : loop.tape().reductions()) {
      kind.result(kind.join(0, 0));
    }
  }

  /** Copies what a range reads, before the range runs. */
  void keep(KernelArguments work, Object[] arrays, int range) {
    work.take(loop.ranges(), range, loop.tape().arrays(), loop.tape().keys());
    staging.load(work, arrays);
  }

  /** Runs the range from the copy, and stores all its results again. */
  void finish(KernelArguments work, Object[] arrays, int range, double[] partials, int at) {
    work.take(loop.ranges(), range, loop.tape().arrays(), loop.tape().keys());
    staging.redirect(work);
    kernel.run(work, partials, at, scratch);
    staging.store(work, arrays, loop.ranges(), range);
  }
}
