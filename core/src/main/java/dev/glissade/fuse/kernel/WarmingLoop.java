package dev.glissade.fuse.kernel;

import dev.glissade.fuse.codegen.GeneratedLoop;
import dev.glissade.fuse.codegen.KernelArguments;
import java.util.function.Supplier;

/**
 * A loop that starts over elements and goes on over vectors. Until the just-in-time compiler has
 * compiled a vectorized loop, each vector is an object, and the loop is up to a hundred times
 * slower than one over elements. So {@link LoopWarmUp} generates the vectorized loop and runs it on
 * samples, in the background, until it is compiled. Both compute the same bits, so any range may be
 * the first. If the compiler never gets the vectors into registers, the loop stays with elements.
 */
final class WarmingLoop implements GeneratedLoop {
  /** A loop that runs less often is not worth compiling. */
  private static final int RUNS_BEFORE_WARM_UP = 32;

  private final GeneratedLoop elements;
  private final Supplier<GeneratedLoop> vectors;
  private final Supplier<LoopSamples> samples;
  private int runs;
  private volatile GeneratedLoop current;

  /**
   * @param elements the loop over elements
   * @param vectors generates the vectorized loop
   * @param samples allocates operands on which both loops can run
   */
  WarmingLoop(
      GeneratedLoop elements, Supplier<GeneratedLoop> vectors, Supplier<LoopSamples> samples) {
    this.elements = elements;
    this.vectors = vectors;
    this.samples = samples;
    this.current = elements;
  }

  @Override
  public void run(KernelArguments arguments, Object[] workspace) {
    GeneratedLoop loop = current;
    if (loop == elements && runs <= RUNS_BEFORE_WARM_UP) {
      count();
    }
    loop.run(arguments, workspace);
  }

  /**
   * Counts a run. Of threads that race, more than one may start the warm-up, which does no harm.
   */
  private void count() {
    int run = runs + 1;
    runs = run;
    if (run == RUNS_BEFORE_WARM_UP) {
      LoopWarmUp.start(this);
    }
  }

  GeneratedLoop elements() {
    return elements;
  }

  GeneratedLoop generateVectors() {
    return vectors.get();
  }

  LoopSamples allocateSamples() {
    return samples.get();
  }

  /** Runs the vectorized loop from now on. */
  void change(GeneratedLoop vectorized) {
    current = vectorized;
  }

  /** Returns whether it has changed to vectors. */
  boolean isWarm() {
    return current != elements;
  }
}
