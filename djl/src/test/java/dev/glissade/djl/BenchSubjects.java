package dev.glissade.djl;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.util.PairList;
import dev.glissade.GradientTransformation;
import dev.glissade.host.bench.StepServer;
import dev.glissade.host.bench.StepServer.Steps;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.Map;

/** Steps of DJL's optimizers and of ours through the adapter, for {@code bench --peers}. */
final class BenchSubjects {
  private BenchSubjects() {}

  public static void main(String[] arguments) throws IOException {
    System.setProperty("OPT_OUT_TRACKING", "true");
    Engine.getInstance(); // loads the native code
    StepServer.serve(Map.of("djl", BenchSubjects::own, "glissade, djl", BenchSubjects::ours));
  }

  /** Returns DJL's {@code Optimizer.update} alone, which leaves the gradients. */
  static Steps own(String name, int size, int threads) {
    Tracker rate = Tracker.fixed(1e-3f);
    Optimizer optimizer =
        switch (name) {
          case "adam" -> Optimizer.adam().optLearningRateTracker(rate).build();
          case "adamw" -> Optimizer.adamW().optLearningRateTracker(rate).build();
          default -> null;
        };
    if (optimizer == null) {
      return null;
    }
    JniUtils.setNumThreads(threads);
    NDManager manager = NDManager.newBaseManager();
    NDArray params = manager.create(StepServer.random(size, 1));
    NDArray gradients = manager.create(StepServer.random(size, 2));
    return StepServer.fresh(
        () -> {}, () -> optimizer.update("w", params, gradients), manager::close);
  }

  /** Returns whole steps of the trainer on one parameter, which set the gradients to zero. */
  static Steps ours(String name, int size, int threads) {
    GradientTransformation<?> optimizer = StepServer.optimizer(name);
    if (optimizer == null) {
      return null;
    }
    JniUtils.setNumThreads(threads);
    Model model = Model.newInstance("bench");
    Vector block = new Vector(size);
    block.setInitializer(
        (manager, shape, type) -> manager.create(StepServer.random(size, 1)), p -> true);
    model.setBlock(block);
    Trainer trainer =
        new GlissadeTrainer(model, new DefaultTrainingConfig(Loss.l2Loss()), optimizer)
            .threads(threads);
    trainer.initialize(new Shape(1));
    try (GradientCollector collector = trainer.newGradientCollector()) {
      NDArray one = model.getNDManager().ones(new Shape(1));
      collector.backward(trainer.forward(new NDList(one)).head().sum());
    }
    NDArray w = block.getParameters().valueAt(0).getArray();
    FloatBuffer gradients = w.getGradient().toByteBuffer(true).asFloatBuffer();
    float[] numbers = StepServer.random(size, 2);
    return StepServer.fresh(
        () -> gradients.put(0, numbers),
        trainer::step,
        () -> {
          trainer.close();
          model.close();
        });
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
        PairList<String, Object> parameters) {
      Parameter w = getDirectParameters().valueAt(0);
      return new NDList(store.getValue(w, inputs.head().getDevice(), training).mul(inputs.head()));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
      return inputs;
    }
  }
}
