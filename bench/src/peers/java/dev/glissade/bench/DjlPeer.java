package dev.glissade.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import org.jspecify.annotations.Nullable;

/** Adam and AdamW of DJL on its PyTorch engine. */
public final class DjlPeer implements Peer {
  /** Called by the service loader; turns off DJL's usage tracking. */
  public DjlPeer() {
    System.setProperty("OPT_OUT_TRACKING", "true");
  }

  @Override
  public String name() {
    return "djl";
  }

  @Override
  public @Nullable Subject subject(String optimizer, int size, int threads) {
    return switch (optimizer) {
      case "adam" ->
          new Updates(
              Optimizer.adam().optLearningRateTracker(Tracker.fixed(1e-3f)).build(), size, threads);
      case "adamw" ->
          new Updates(
              Optimizer.adamW().optLearningRateTracker(Tracker.fixed(1e-3f)).build(),
              size,
              threads);
      default -> null;
    };
  }

  private static final class Updates implements Subject {
    private final NDManager manager = NDManager.newBaseManager();
    private final NDArray params;
    private final NDArray gradients;
    private final Optimizer optimizer;

    Updates(Optimizer optimizer, int size, int threads) {
      this.optimizer = optimizer;
      this.params = manager.create(RandomData.random(size, 1));
      this.gradients = manager.create(RandomData.random(size, 2));
      JniUtils.setNumThreads(threads);
    }

    @Override
    public void run(int steps) {
      for (int i = 0; i < steps; i++) {
        optimizer.update("w", params, gradients);
      }
    }

    @Override
    public void close() {
      manager.close();
    }
  }
}
