package dev.glissade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.fuse.run.PassReport;
import dev.glissade.testing.Given;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How many passes over memory a step in place takes, and the bytes that it moves a parameter: no
 * more, and no fewer either, since a plan that misses a pass moves too little.
 */
@Tag("vectors")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class PassesContract {
  private static final int SIZE = 1000;

  /** Optimizers, the passes over all parameters that a step takes and the bytes that it moves. */
  protected abstract Stream<Arguments> steps();

  protected static Stepper<?> stepped(GradientTransformation<?> optimizer, int steps) {
    Stepper<?> stepper = Stepper.of(Given.to(optimizer), Tree.of("w", Tensor.of(new float[SIZE])));
    float[] gradient = new float[SIZE];
    Arrays.fill(gradient, 0.5f);
    for (int i = 0; i < steps; i++) {
      stepper.step(Tree.of("w", Tensor.of(gradient)));
    }
    return stepper;
  }

  protected static List<PassReport> planned(GradientTransformation<?> optimizer, int steps) {
    return stepped(optimizer, steps).report();
  }

  protected static double bytes(List<PassReport> plan) {
    return plan.stream().mapToLong(PassReport::bytes).sum() / (double) SIZE;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("steps")
  void passesAndBytesStayTheSame(
      String name, GradientTransformation<?> optimizer, int passes, int bytes) {
    List<PassReport> plan = planned(optimizer, 3);
    assertThat(plan).as(name).filteredOn(pass -> pass.bytes() >= SIZE).hasSize(passes);
    // Numbers of leaves and sums over axes are a few bytes more.
    assertThat(bytes(plan)).as(name).isBetween((double) bytes, bytes + 0.2);
  }
}
