package dev.glissade.contrib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.combine.InjectHyperparams;
import dev.glissade.combine.InjectHyperparams.InjectHyperparamsState;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.schedule.Schedules;
import dev.glissade.transform.Transforms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Corners in which something once went wrong. */
class FindingsTest {

  private static GradientTransformation<?> free(String name) {
    return switch (name) {
      case "prodigy" -> Contrib.prodigy();
      case "dadapt" -> Contrib.dadaptAdamw();
      default -> Contrib.mechanize(Optimizers.adamw(0.1)).weightDecay(0);
    };
  }

  /** The first steps of these are smaller than the rounding of the parameters. */
  @ParameterizedTest
  @CsvSource({
    "prodigy, BFLOAT16",
    "prodigy, FLOAT16",
    "dadapt, BFLOAT16",
    "mechanic, BFLOAT16",
    "mechanic, FLOAT16"
  })
  void masterWeightsReachTheMinimumInSixteenBits(String name, DType dtype) {
    Tree start = Tree.of("w", Tensor.of(dtype, new double[] {3, -2}, 2));
    Stepper<?> stepper = Stepper.of(Transforms.masterWeights(free(name)), start);
    for (int i = 0; i < 5000; i++) {
      stepper.step(stepper.params().plus(-1).times(2).as(start.structure()).evaluate());
    }
    assertThat(stepper.params().get("w").get(0)).isCloseTo(1, offset(0.2));
    assertThat(stepper.params().get("w").get(1)).isCloseTo(1, offset(0.2));
  }

  @Test
  void mechanizeWithoutEpsStaysFinite() {
    Tree start = Tree.of("w", Tensor.of(new double[] {1, 2}));
    Stepper<?> stepper =
        Stepper.of(Contrib.mechanize(Optimizers.sgd(1.0)).weightDecay(0).eps(0), start);
    for (double size : new double[] {1, 1e160, 1, -1}) {
      stepper.step(start.fill(size).evaluate());
      assertThat(stepper.params().get("w").toDoubles()).doesNotContain(Double.NaN);
    }
  }

  /** An adversary's schedule counts outer steps, also where it is kept as a hyperparameter. */
  @Test
  void samKeepsTheAdversarysHyperparameters() {
    var rho = Schedules.linearSchedule(1, 0, 10);
    InjectHyperparams injected = Transforms.injectHyperparams(Optimizers.sgd(rho));
    List<Double> plain = climbs(Contrib.sam(Optimizers.sgd(0), Optimizers.sgd(rho)));
    List<Double> kept = climbs(Contrib.sam(Optimizers.sgd(0), injected));
    assertThat(plain.get(2)).isCloseTo(0.8, offset(1e-6));
    assertThat(kept).isEqualTo(plain);
  }

  private static List<Double> climbs(Sam sam) {
    Stepper<?> stepper = Stepper.of(sam, Tree.of("w", Tensor.of(new double[] {0})));
    Tree ones = Tree.of("w", Tensor.of(new double[] {1}));
    List<Double> climbs = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      stepper.step(ones);
      climbs.add(stepper.params().get("w").get(0));
      stepper.step(ones);
    }
    return climbs;
  }

  @Test
  void aHyperparameterThatWasSetStaysSetThroughCycles() {
    InjectHyperparams injected = Transforms.injectHyperparams(Optimizers.sgd(1.0));
    Sam sam = Contrib.sam(Optimizers.sgd(0), injected);
    Stepper<Sam.SAMState> stepper = Stepper.of(sam, Tree.of("w", Tensor.of(new double[] {0})));
    stepper.updateState(s -> {
      Object set = ((InjectHyperparamsState) s.advState()).with("learningRate", 0.25);
      return new Sam.SAMState(s.stepsSinceSync(), s.optState(), set, s.cache());
    });
    Tree ones = Tree.of("w", Tensor.of(new double[] {1}));
    for (int i = 0; i < 3; i++) {
      stepper.step(ones);
      assertThat(stepper.params().get("w").get(0)).isEqualTo(0.25);
      stepper.step(ones);
    }
  }

  @Test
  @Timeout(60)
  void aReplicaThatComesTwiceIsRefused() throws InterruptedException {
    ThreadBatchAxis axis = new ThreadBatchAxis(2, Duration.ofSeconds(60));
    Tree gradients = Tree.of("w", Tensor.of(new double[] {1}));
    Thread waiting = new Thread(() -> swallow(() -> axis.replica(0).mean(gradients)));
    Waiting.start(waiting);
    assertThatThrownBy(() -> axis.replica(0).mean(gradients))
        .hasMessage("replica 0 must give gradients once in each round, but gave them twice");
    axis.abort();
    waiting.join();
  }

  private static void swallow(Runnable task) {
    try {
      task.run();
    } catch (IllegalStateException expected) {
      // the axis was aborted
    }
  }

  @Test
  void replicasOfDifferentFormAllHearWhy() throws InterruptedException {
    ThreadBatchAxis axis = new ThreadBatchAxis(2, Duration.ofSeconds(60));
    List<String> heard = new ArrayList<>();
    Thread other =
        new Thread(() -> {
          try {
            axis.replica(1).mean(Tree.of("w", Tensor.of(new double[] {1, 2})));
          } catch (IllegalStateException e) {
            heard.add(e.getMessage());
          }
        });
    other.start();
    assertThatThrownBy(() -> axis.replica(0).mean(Tree.of("w", Tensor.of(new double[] {1}))))
        .hasMessage("the replicas' gradients have no mean");
    other.join();
    assertThat(heard).containsExactly("the replicas' gradients have no mean");
  }
}
