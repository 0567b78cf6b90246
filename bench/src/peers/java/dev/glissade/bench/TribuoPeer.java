package dev.glissade.bench;

import org.jspecify.annotations.Nullable;
import org.tribuo.math.LinearParameters;
import org.tribuo.math.la.DenseMatrix;
import org.tribuo.math.la.Tensor;

/** The Adam of Tribuo, which computes in double on one thread. */
public final class TribuoPeer implements Peer {
  @Override
  public String name() {
    return "tribuo";
  }

  @Override
  public @Nullable Subject subject(String optimizer, int size, int threads) {
    return optimizer.equals("adam") && threads == 1 ? new Adam(size) : null;
  }

  private static final class Adam implements Subject {
    private final LinearParameters params;
    private final Tensor[] gradients;
    private final org.tribuo.math.optimisers.Adam adam = new org.tribuo.math.optimisers.Adam();

    Adam(int size) {
      this.params = new LinearParameters(size, 1);
      this.gradients = params.getEmptyCopy();
      float[] numbers = RandomData.random(size, 2);
      DenseMatrix matrix = (DenseMatrix) gradients[0];
      for (int i = 0; i < size; i++) {
        matrix.set(0, i, numbers[i]);
      }
      adam.initialise(params);
    }

    @Override
    public void run(int steps) {
      for (int i = 0; i < steps; i++) {
        params.update(adam.step(gradients, 1));
      }
    }
  }
}
