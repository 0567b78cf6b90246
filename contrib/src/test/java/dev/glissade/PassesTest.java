package dev.glissade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.glissade.combine.Transforms;
import dev.glissade.contrib.Contrib;
import dev.glissade.fuse.PassPlan;
import dev.glissade.optimizer.Optimizers;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How many passes over memory a step in place takes, and the bytes that it moves a parameter: no
 * more, and no fewer either, since a plan that misses a pass moves too little.
 */
@Tag("vectors")
class PassesTest {
  private static final int SIZE = 1000;

  static Stream<Arguments> steps() {
    GradientTransformation<?> clipped =
        Transforms.chain(Transforms.clipByGlobalNorm(1), Optimizers.adamw(1e-3));
    return Stream.of(
        arguments("sgd", Optimizers.sgd(0.1), 1, 12),
        arguments("momentum", Optimizers.sgd(0.1).momentum(0.9), 1, 20),
        arguments("adamw", Optimizers.adamw(1e-3), 1, 28),
        arguments("lion", Optimizers.lion(1e-3), 1, 20),
        arguments("clip + adamw", clipped, 2, 32),
        arguments("cocob", Contrib.cocob(), 1, 48),
        arguments("dadapt_adamw", Contrib.dadaptAdamw(), 1, 36),
        arguments("prodigy", Contrib.prodigy(), 2, 48),
        arguments("mechanize(adamw)", Contrib.mechanize(Optimizers.adamw(1.0)), 2, 44));
  }

  private static Stepper<?> stepped(GradientTransformation<?> optimizer, int steps) {
    Stepper<?> stepper = Stepper.of(optimizer, Tree.of("w", Tensor.of(new float[SIZE])));
    float[] gradient = new float[SIZE];
    Arrays.fill(gradient, 0.5f);
    for (int i = 0; i < steps; i++) {
      stepper.step(Tree.of("w", Tensor.of(gradient)));
    }
    return stepper;
  }

  private static double bytes(List<PassPlan> plan) {
    return plan.stream().mapToLong(PassPlan::bytes).sum() / (double) SIZE;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("steps")
  void passesAndBytesStayTheSame(
      String name, GradientTransformation<?> optimizer, int passes, int bytes) {
    List<PassPlan> plan = stepped(optimizer, 3).plan();
    assertThat(plan).as(name).hasSize(passes);
    assertThat(bytes(plan)).as(name).isEqualTo(bytes);
  }

  @Test
  void samClimbsInTwoPassesAndDescendsInOne() {
    GradientTransformation<?> sam =
        Contrib.sam(
            Optimizers.sgd(0.1), Transforms.chain(Contrib.normalize(), Optimizers.sgd(0.05)));
    List<PassPlan> climb = stepped(sam, 3).plan();
    List<PassPlan> descent = stepped(sam, 4).plan();
    assertThat(climb).hasSize(2);
    assertThat(descent).hasSize(1);
    assertThat((bytes(climb) + bytes(descent)) / 2).isEqualTo(16);
  }

  @Test
  void theExplanationNamesWhatIsReadAndWritten() {
    assertThat(stepped(Optimizers.adamw(1e-3), 1).explain())
        .contains("reads [params, states/0/mu, gradients, states/0/nu]")
        .contains("28.0 bytes per parameter in all");
  }
}
