package dev.glissade.bench;

import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import org.jspecify.annotations.Nullable;

/**
 * Our own optimizers on heap arrays, with gradients as in a framework: each step gets newly written
 * ones (untimed, but they stay in the caches) and sets them to zero. The reference for adapters.
 */
final class FreshPeer implements Peer {
  @Override
  public String name() {
    return "glissade, fresh";
  }

  @Override
  public @Nullable Subject subject(String optimizer, int size, int threads) {
    return Workloads.optimizers().stream()
        .filter(workload -> workload.name().equals(optimizer) && !workload.optimizer().perExample())
        .map(workload -> new Fresh(workload, size, threads))
        .findFirst()
        .orElse(null);
  }

  private static final class Fresh implements Subject {
    private final Stepper<?> stepper;
    private final float[] numbers;
    private final float[] gradients;
    private final Tree tree;

    Fresh(Workload workload, int size, int threads) {
      Tree params = Tree.of("w", Tensor.wrap(RandomData.random(size, 1)));
      this.stepper =
          Stepper.borrowing(workload.optimizer(), params).threads(threads).zeroGradients(true);
      this.numbers = RandomData.random(size, 2);
      this.gradients = new float[size];
      this.tree = Tree.of("w", Tensor.wrap(gradients));
    }

    @Override
    public long time(int steps) {
      long nanos = 0;
      for (int i = 0; i < steps; i++) {
        System.arraycopy(numbers, 0, gradients, 0, numbers.length);
        long start = System.nanoTime();
        stepper.step(tree);
        nanos += System.nanoTime() - start;
      }
      return nanos;
    }

    @Override
    public void run(int steps) {
      time(steps);
    }
  }
}
