package dev.glissade.bench;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;

/** The Adam of ND4J; it overwrites the gradients with the update. */
public final class Nd4jPeer implements Peer {
  @Override
  public String name() {
    return "nd4j";
  }

  @Override
  public @Nullable Subject subject(String optimizer, int size, int threads) {
    return optimizer.equals("adam") ? new Adam(size, threads) : null;
  }

  private static final class Adam implements Subject {
    private final INDArray params;
    private final INDArray gradients;
    private final GradientUpdater<?> updater;
    private int taken;

    Adam(int size, int threads) {
      Nd4j.getEnvironment().setMaxThreads(threads);
      Nd4j.getEnvironment().setMaxMasterThreads(threads);
      this.params = Nd4j.createFromArray(RandomData.random(size, 1)).reshape(1, size);
      this.gradients = Nd4j.createFromArray(RandomData.random(size, 2)).reshape(1, size);
      org.nd4j.linalg.learning.config.Adam adam = new org.nd4j.linalg.learning.config.Adam(1e-3);
      INDArray state = Nd4j.zeros(1, (int) adam.stateSize(size));
      this.updater = adam.instantiate(state, true);
    }

    @Override
    public void run(int steps) {
      for (int i = 0; i < steps; i++) {
        updater.applyUpdater(gradients, taken++, 0);
        params.subi(gradients);
      }
    }

    @Override
    public void close() {
      params.close();
      gradients.close();
    }
  }
}
