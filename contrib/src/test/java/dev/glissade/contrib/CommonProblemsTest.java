package dev.glissade.contrib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Optimizers without a tuned learning rate find the minima of small problems, in float32. */
class CommonProblemsTest {
  private static final int STEPS = 30_000;
  private static final double CLOSE = 3e-2;

  /** A start, the minimum, and the gradient at parameters. */
  private record Problem(String name, Tree start, Tree minimum, UnaryOperator<Tree> gradient) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Tree vector(float... numbers) {
    return Tree.of("w", Tensor.of(numbers));
  }

  /** sum (w - m)^2 */
  private static Tree parabolaGradient(Tree at, Tree minimum) {
    return at.minus(minimum).times(2).evaluate();
  }

  private static Problem parabola() {
    Tree minimum = vector(1, -1, 1);
    return new Problem("parabola", vector(-1, 10, 1), minimum, at -> parabolaGradient(at, minimum));
  }

  /** (1 - a)^2 + 100 (b - a^2)^2 */
  private static Problem rosenbrock() {
    return new Problem(
        "Rosenbrock",
        vector(0, 0),
        vector(1, 1),
        at -> {
          double a = at.get("w").get(0);
          double b = at.get("w").get(1);
          double slope = -2 * (1 - a) - 400 * a * (b - a * a);
          return vector((float) slope, (float) (200 * (b - a * a)));
        });
  }

  private static Problem matrix() {
    Tree minimum = Tree.of("w", Tensor.of(new float[] {1, 2, 3, 4}, 2, 2));
    Tree start = Tree.of("w", Tensor.of(new float[4], 2, 2));
    return new Problem("matrix parabola", start, minimum, at -> parabolaGradient(at, minimum));
  }

  private static Problem mixed() {
    Tree start =
        Tree.of(
            Map.of(
                "a", Tensor.of(new float[] {0, 0}),
                "b", Tensor.of(new float[4], 2, 2),
                "c", Tensor.scalar(0f)));
    Tree minimum =
        Tree.of(
            Map.of(
                "a", Tensor.of(new float[] {1, 2}),
                "b", Tensor.of(new float[] {1, -1, 2, -2}, 2, 2),
                "c", Tensor.scalar(-1.5f)));
    return new Problem("mixed tensors", start, minimum, at -> parabolaGradient(at, minimum));
  }

  static Stream<Arguments> pairs() {
    Map<String, GradientTransformation<?>> tuningFree =
        Map.of(
            "dadapt_adamw", Contrib.dadaptAdamw(0.1),
            "prodigy", Contrib.prodigy(0.1),
            "cocob", Contrib.cocob(),
            "mechanize", Contrib.mechanize(Optimizers.sgd(0.1)).weightDecay(0));
    Stream<Arguments> free =
        tuningFree.entrySet().stream()
            .flatMap(entry ->
                List.of(parabola(), rosenbrock(), matrix(), mixed()).stream()
                    .map(problem -> arguments(entry.getKey(), entry.getValue(), problem)));
    Stream<Arguments> sharp =
        Stream.of(
            arguments("sam(sgd)", sam(Optimizers.sgd(5e-3)), parabola()),
            arguments("sam(adam)", sam(Optimizers.adam(5e-3)), parabola()));
    return Stream.concat(free, sharp);
  }

  private static GradientTransformation<?> sam(GradientTransformation<?> adversary) {
    return Contrib.sam(Optimizers.sgd(1e-3), Transforms.chain(Contrib.normalize(), adversary));
  }

  @ParameterizedTest(name = "{0} on {2}")
  @MethodSource("pairs")
  void reachesTheMinimum(String name, GradientTransformation<?> optimizer, Problem problem) {
    Stepper<?> stepper = Stepper.of(optimizer, problem.start());
    for (int i = 0; i < STEPS; i++) {
      stepper.step(problem.gradient().apply(stepper.params()));
    }
    for (String path : problem.start().paths()) {
      double[] found = stepper.params().get(path).toDoubles();
      double[] wanted = problem.minimum().get(path).toDoubles();
      for (int i = 0; i < wanted.length; i++) {
        assertThat(Math.abs(found[i] - wanted[i]) / Math.max(1, Math.abs(wanted[i])))
            .as("%s[%d] = %s", path, i, found[i])
            .isLessThan(CLOSE);
      }
    }
  }
}
