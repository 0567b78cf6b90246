package dev.glissade.bench;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.util.PairList;
import dev.glissade.djl.GlissadeTrainer;
import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Our own optimizers through the adapter for DJL: a whole {@code step()} of the trainer on one
 * parameter in native memory, after which the gradients are zero.
 */
public final class GlissadeDjlPeer implements Peer {
  /** Called by the service loader; turns off DJL's usage tracking. */
  public GlissadeDjlPeer() {
    System.setProperty("OPT_OUT_TRACKING", "true");
  }

  @Override
  public String name() {
    return "glissade, djl";
  }

  @Override
  public @Nullable Subject subject(String optimizer, int size, int threads) {
    return Workloads.optimizers().stream()
        .filter(workload -> workload.name().equals(optimizer) && !workload.optimizer().perExample())
        .map(workload -> new Steps(workload, size, threads))
        .findFirst()
        .orElse(null);
  }

  /** A block with one parameter. */
  private static final class Vector extends AbstractBlock {
    Vector(int size) {
      addParameter(
          Parameter.builder()
              .setName("w")
              .setType(Parameter.Type.WEIGHT)
              .optShape(new Shape(size))
              .build());
    }

    @Override
    protected NDList forwardInternal(
        ParameterStore store,
        NDList inputs,
        boolean training,
        @Nullable PairList<String, Object> parameters) {
      Parameter w = getDirectParameters().valueAt(0);
      return new NDList(store.getValue(w, inputs.head().getDevice(), training).mul(inputs.head()));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
      return inputs;
    }
  }

  private static final class Steps implements Subject {
    private final Model model = Model.newInstance("bench");
    private final Trainer trainer;
    private final FloatBuffer gradients;
    private final float[] numbers;

    Steps(Workload workload, int size, int threads) {
      JniUtils.setNumThreads(threads);
      this.numbers = RandomData.random(size, 2);
      Vector block = new Vector(size);
      block.setInitializer((manager, shape, type) -> manager.create(RandomData.random(size, 1)), p -> true);
      model.setBlock(block);
      this.trainer =
          new GlissadeTrainer(
                  model, new DefaultTrainingConfig(Loss.l2Loss()), workload.optimizer())
              .threads(threads);
      trainer.initialize(new Shape(1));
      try (GradientCollector collector = trainer.newGradientCollector()) {
        NDArray one = model.getNDManager().ones(new Shape(1));
        collector.backward(trainer.forward(new NDList(one)).head().sum());
      }
      NDArray w = block.getParameters().valueAt(0).getArray();
      this.gradients = w.getGradient().toByteBuffer(true).asFloatBuffer();
    }

    /** Sets the gradients, untimed, as if a model had computed them. */
    @Override
    public long time(int steps) {
      long nanos = 0;
      for (int i = 0; i < steps; i++) {
        gradients.put(0, numbers);
        long start = System.nanoTime();
        trainer.step();
        nanos += System.nanoTime() - start;
      }
      return nanos;
    }

    @Override
    public void run(int steps) {
      time(steps);
    }

    @Override
    public void close() {
      trainer.close();
      model.close();
    }
  }
}
