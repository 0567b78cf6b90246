package dev.glissade.bench;

import dev.glissade.Stepper;
import dev.glissade.Tree;
import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Steps in place with this library. The gradients change sign from step to step; with many leaves
 * between rounds, because a model's gradients always stay in the same arrays. L-BFGS gets those of
 * a quadratic function at each step, untimed: along gradients that repeat, its recursion would
 * compute with zeros.
 */
final class Steps implements Subject {
  private final Stepper<?> stepper;
  private final Tree[] gradients;

  /** The arrays of the gradients; empty for a single leaf. */
  private final FloatBuffer[] arrays;

  private int taken;

  /** The function that L-BFGS minimizes; null for other optimizers and for many leaves. */
  private final @Nullable Quadratic quadratic;

  /**
   * The gradients of sum_i d_i (x_i - c_i)^2 / 2, where the minimum c changes its sign now and
   * then, so that there is always a way to go.
   */
  private record Quadratic(float[] x, float[] curvature, float[] minimum, float[] gradient) {
    private static final int TURN = 500;

    void evaluate(int step) {
      float sign = step / TURN % 2 == 0 ? 1 : -1;
      for (int i = 0; i < x.length; i++) {
        gradient[i] = curvature[i] * (x[i] - sign * minimum[i]);
      }
    }

    static Quadratic of(Tree params, Tree gradients) {
      float[] x = (float[]) params.get(params.paths().get(0)).array();
      float[] curvature = RandomData.random(x.length, 3);
      for (int i = 0; i < x.length; i++) {
        curvature[i] = 1 + 5 * curvature[i]; // .5 to 1.5
      }
      float[] gradient = (float[]) gradients.get(gradients.paths().get(0)).array();
      return new Quadratic(x, curvature, RandomData.random(x.length, 4), gradient);
    }
  }

  /**
   * Allocates params, state and gradients.
   *
   * @param packed whether small leaves share arrays
   */
  Steps(Workload workload, TreeShape form, int threads, boolean packed) {
    Tree params = RandomData.tree(form, 1, false);
    params = packed ? params.packed() : params;
    this.stepper = Stepper.borrowing(workload.optimizer(), params).threads(threads);
    Tree first = RandomData.tree(form, 100_000, false);
    first = packed ? first.packed() : first;
    boolean many = form.leaves() > 1;
    this.quadratic =
        workload.name().equals("lbfgs") && !many && !packed ? Quadratic.of(params, first) : null;
    this.gradients = new Tree[] {first, many ? first : RandomData.tree(form, 100_000, true)};
    this.arrays =
        first.toMap().values().stream()
            .filter(leaf -> many)
            .map(leaf -> leaf.array() instanceof float[] own ? FloatBuffer.wrap(own) : leaf.array())
            .toArray(FloatBuffer[]::new);
  }

  @Override
  public long time(int steps) {
    for (FloatBuffer array : arrays) {
      RandomData.negate(array);
    }
    return quadratic == null ? Subject.super.time(steps) : minimize(quadratic, steps);
  }

  @Override
  public boolean isWarm() {
    return !stepper.explain().contains("until they are compiled");
  }

  private long minimize(Quadratic function, int steps) {
    long nanos = 0;
    for (int i = 0; i < steps; i++) {
      function.evaluate(taken++);
      long start = System.nanoTime();
      stepper.step(gradients[0]);
      nanos += System.nanoTime() - start;
    }
    return nanos;
  }

  @Override
  public void run(int steps) {
    for (int i = 0; i < steps; i++) {
      stepper.step(gradients[taken++ & 1]);
    }
  }
}
