package dev.glissade.contrib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** First estimates whose steps parameters round away: a warning, and an option that trains. */
class FirstEstimateTest {

  private static GradientTransformation<?> optimizer(String name, boolean relative) {
    return switch (name) {
      case "prodigy" -> Contrib.prodigy().relativeEstimLr0(relative);
      default -> Contrib.mechanize(Optimizers.adamw(1.0)).weightDecay(0).relativeSInit(relative);
    };
  }

  /** What is logged while a stepper is made. */
  private static List<String> warnings(GradientTransformation<?> optimizer, Tree start) {
    List<String> heard = new ArrayList<>();
    Handler ear =
        new Handler() {
          @Override
          public void publish(LogRecord entry) {
            heard.add(entry.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger("dev.glissade.contrib");
    logger.addHandler(ear);
    logger.setUseParentHandlers(false);
    try {
      Stepper<?> stepper = Stepper.of(optimizer, start);
      for (int i = 0; i < 3; i++) {
        stepper.step(start);
      }
      return heard;
    } finally {
      logger.removeHandler(ear);
      logger.setUseParentHandlers(true);
    }
  }

  private static Tree tree(DType type, double... numbers) {
    return Tree.of("w", Tensor.of(type, numbers, numbers.length));
  }

  @ParameterizedTest
  @ValueSource(strings = {"prodigy", "mechanize"})
  void warnsOnceWhereTheFirstStepsAreLost(String name) {
    GradientTransformation<?> plain = optimizer(name, false);
    String option = name.equals("mechanize") ? "relativeSInit" : "relativeEstimLr0";
    assertThat(warnings(plain, tree(DType.FLOAT32, 1000, -1000)))
        .containsExactly(
            name
                + " starts with steps of about 1.00e-06, which most of the parameters of size"
                + " 1.00e+03 round away: set "
                + option
                + "(true)");
    for (DType half : List.of(DType.BFLOAT16, DType.FLOAT16)) {
      assertThat(warnings(plain, tree(half, 1, -2)))
          .containsExactly(
              name
                  + " starts with steps of about 1.00e-06, which most of the parameters of size"
                  + " 1.58 round away: wrap it in masterWeights, as parameters in "
                  + half
                  + " need");
      assertThat(warnings(Transforms.masterWeights(plain), tree(half, 1, -2))).isEmpty();
    }
    assertThat(warnings(plain, tree(DType.FLOAT32, 1, -2))).isEmpty();
    assertThat(warnings(plain, tree(DType.FLOAT32, 1000, 0, 1))).isEmpty();
    assertThat(warnings(plain, tree(DType.FLOAT64, 1000, -1000))).isEmpty();
    assertThat(warnings(optimizer(name, true), tree(DType.FLOAT32, 1000, -1000))).isEmpty();
    assertThat(warnings(Transforms.masked(plain, path -> true), tree(DType.FLOAT32, 1000, 1000)))
        .hasSize(1);
  }

  /**
   * (w - m)^2 from 1000 to 900: as it is the estimate stays; relative to the parameters it grows.
   */
  @ParameterizedTest
  @CsvSource({"prodigy, 1000", "mechanize, 1000", "prodigy, 1e6", "mechanize, 40"})
  void aRelativeEstimateReachesTheMinimumOfLargeParameters(String name, double size) {
    assertThat(reached(optimizer(name, false), size)).isEqualTo(size);
    assertThat(reached(optimizer(name, true), size)).isCloseTo(0.9 * size, offset(0.02 * size));
  }

  /** D-Adaptation's estimate grows by gradients alone. */
  @ParameterizedTest
  @CsvSource({"FLOAT32, 1000", "BFLOAT16, 1000", "FLOAT16, 3"})
  void dAdaptationNeedsNeither(DType type, double size) {
    assertThat(warnings(Contrib.dadaptAdamw(), tree(type, size, size))).isEmpty();
    Stepper<?> stepper = Stepper.of(Contrib.dadaptAdamw(), tree(type, size, -size));
    Tree minimum = tree(type.computed(), 0.5 * size, -0.5 * size);
    for (int i = 0; i < 5000; i++) {
      stepper.step(
          stepper.params().minus(minimum).times(2).as(stepper.params().structure()).evaluate());
    }
    assertThat(stepper.params().get("w").get(0)).isCloseTo(0.5 * size, offset(0.02 * size));
  }

  private static double reached(GradientTransformation<?> optimizer, double size) {
    Stepper<?> stepper = Stepper.of(optimizer, tree(DType.FLOAT32, size, -size));
    Tree minimum = tree(DType.FLOAT32, 0.9 * size, -0.9 * size);
    for (int i = 0; i < 10_000; i++) {
      stepper.step(stepper.params().minus(minimum).times(2).evaluate());
    }
    return stepper.params().get("w").get(0);
  }

  @Test
  void relativeToTheRootOfTheMeanSquare() {
    Prodigy.ProdigyState state =
        Contrib.prodigy().relativeEstimLr0(true).init(tree(DType.FLOAT32, 3, -4));
    assertThat(state.estimLr().value())
        .isCloseTo(1e-6 * (1 + Math.sqrt(12.5)), withinPercentage(1e-4));
    Tree none = Tree.of("w", Tensor.of(new float[0]));
    assertThat(Contrib.prodigy().relativeEstimLr0(true).init(none).estimLr().value())
        .isEqualTo(1e-6);
    var mechanic = Contrib.mechanize(Optimizers.sgd(1.0)).relativeSInit(true).sInit(1e-3);
    assertThat(mechanic.init(tree(DType.FLOAT64, 10, 10)).s().get(0).value())
        .isCloseTo(1.1e-2, withinPercentage(1e-9));
  }
}
