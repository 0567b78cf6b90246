package dev.glissade.tribuo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.contrib.Contrib;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tribuo.math.LinearParameters;
import org.tribuo.math.la.DenseMatrix;
import org.tribuo.math.la.DenseSparseMatrix;
import org.tribuo.math.la.SparseVector;
import org.tribuo.math.la.Tensor;

/** Two thousand steps leave nothing behind. */
class MemoryTest {
  private static final int FEATURES = 20_000;

  private static long used() throws InterruptedException {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      System.gc();
      Thread.sleep(10);
      Runtime runtime = Runtime.getRuntime();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }

  @Test
  void doesNotGrow() throws Exception {
    LinearParameters model = new LinearParameters(FEATURES, 2);
    GlissadeOptimiser optimiser = GlissadeOptimiser.of(Contrib.prodigy());
    optimiser.initialise(model);
    DenseMatrix dense = new DenseMatrix(2, FEATURES);
    dense.foreachInPlace(old -> 0.01);
    SparseVector row =
        SparseVector.createSparseVector(FEATURES, new int[] {3, 77}, new double[] {1, -1});
    Tensor[][] gradients = {{dense}, {new DenseSparseMatrix(List.of(row, row.copy()))}};
    steps(optimiser, gradients, 200);
    long before = used();
    steps(optimiser, gradients, 2000);
    // A number left behind for each step and feature would be 320 MB.
    assertThat(used()).isLessThan(before + 2_000_000);
    assertThat(optimiser.estimates()).containsKey("d"); // it is still in use
  }

  private static void steps(GlissadeOptimiser optimiser, Tensor[][] gradients, int count) {
    for (int i = 0; i < count; i++) {
      optimiser.step(gradients[i % 2], 1);
    }
  }
}
