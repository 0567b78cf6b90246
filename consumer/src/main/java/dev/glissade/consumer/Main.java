package dev.glissade.consumer;

import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.catalog.Catalog;
import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.combine.InjectHyperparams;
import dev.glissade.consumer.closed.Counted;
import dev.glissade.consumer.exported.Average;
import dev.glissade.consumer.open.HeavyBall;
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.privacy.accounting.BoundFormat;
import dev.glissade.privacy.accounting.SampledGaussian;
import dev.glissade.privacy.accounting.TightestAccountant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** Uses a little of everything and prints the results. */
public final class Main {
  private static final int LEAF = 10_000;
  private static final int STEPS = 4;

  private Main() {}

  /**
   * Runs the program.
   *
   * @param arguments the folder for a checkpoint
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    resume("adamw", Optimizers.adamw(1e-3), folder);
    resume("prodigy", Contrib.prodigy(), folder);
    resume("exported state", new Average(0.1, 0.9), folder);
    resume("opened state", HeavyBall.of(0.1, 0.9), folder);
    resume("injected", new InjectHyperparams(new Average(0.1, 0.9)), folder);
    Map<String, ?> lion = Map.of("name", "lion", "args", Map.of("learning_rate", 1));
    Map<String, ?> named = Map.of("name", "mechanize", "args", Map.of("base_optimizer", lion));
    resume("by name", Catalog.standard().optimizer(named), folder);
    try {
      resume("closed state", Counted.of(0.1), folder);
    } catch (IllegalArgumentException e) {
      System.out.println(e.getMessage());
    }
    TightestAccountant accountant = new TightestAccountant();
    accountant.add(new SampledGaussian(0.01, 1.1, 1000));
    System.out.println("epsilon " + BoundFormat.upperBound(accountant.epsilon(1e-5).epsilon()));
  }

  /** Steps, saves, and continues both with the file and without it. */
  private static <S> void resume(String name, GradientTransformation<S> optimizer, Path folder)
      throws IOException {
    Stepper<S> stepper = Stepper.of(optimizer, start());
    steps(stepper);
    Path file = folder.resolve("run.safetensors");
    Checkpoint.of(stepper).save(file);
    Stepper<S> resumed = Checkpoint.load(file).stepper(optimizer);
    steps(stepper);
    steps(resumed);
    float[] went = stepper.params().get("w").toFloats();
    boolean same = Arrays.equals(went, resumed.params().get("w").toFloats());
    boolean nearer = went[0] < start().get("w").toFloats()[0];
    System.out.println(name + ": same " + same + ", nearer " + nearer);
  }

  /** Returns params that are large enough for vector loops. */
  private static Tree start() {
    float[] w = new float[LEAF];
    Arrays.fill(w, 3);
    return Tree.of("w", Tensor.of(w));
  }

  private static void steps(Stepper<?> stepper) {
    for (int step = 0; step < STEPS; step++) {
      stepper.step(stepper.params().times(2).evaluate());
    }
  }
}
