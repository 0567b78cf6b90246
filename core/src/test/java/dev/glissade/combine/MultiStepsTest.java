package dev.glissade.combine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.Schedule;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the recorded cases leave open: the original takes no schedule that this library has. */
class MultiStepsTest {

  private static Tree one(double number) {
    return Tree.of("w", Tensor.of(new double[] {number}));
  }

  /** Gathers one gradient for each of the first two steps, then three for each. */
  private record Growing() implements Schedule {
    @Override
    public double at(double count) {
      return count < 2 ? 1 : 3;
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theScheduleIsReadAtTheNumberOfStepsTaken(boolean mean) {
    Stepper<?> stepper =
        Stepper.of(MultiSteps.of(Optimizers.sgd(1.0), new Growing()).useGradMean(mean), one(0));
    double[] gradients = {1, 2, 4, 8, 3, 16, 32, 6};
    double third = mean ? 3 : 1;
    double[] expected = {1, 3, 3, 3, 3 + 15 / third, 0, 0, 0};
    expected[5] = expected[4];
    expected[6] = expected[4];
    expected[7] = expected[4] + 54 / third;
    for (int i = 0; i < gradients.length; i++) {
      stepper.step(one(-gradients[i]));
      assertThat(stepper.params().get("w").get(0)).as("step %d", i).isEqualTo(expected[i]);
    }
  }

  @Test
  void stepsAndGatheredGradientsAreCounted() {
    Stepper<MultiSteps.MultiStepsState> stepper =
        Stepper.of(Transforms.multiSteps(Optimizers.sgd(1.0), 3), one(0));
    for (int i = 1; i <= 7; i++) {
      stepper.step(one(1));
      assertThat(stepper.state().miniStep().value()).isEqualTo(i % 3);
      assertThat(stepper.state().gradientStep().value()).isEqualTo(i / 3);
    }
  }
}
