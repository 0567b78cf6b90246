package dev.glissade.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.GradientTransformation;
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Graphs learn the handwritten digits. */
class DigitsTest {

  /** The example prints what it says, and Prodigy is as good as TensorFlow's own Adam. */
  @Test
  void prodigyIsAsGoodAsTensorFlowsAdam() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = System.out;
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      Digits.main(new String[0]);
    } finally {
      System.setOut(out);
    }
    String[] lines = bytes.toString(StandardCharsets.UTF_8).split("\n");
    assertThat(lines).hasSize(2);
    assertThat(lines[0]).startsWith("adam ");
    assertThat(lines[1]).startsWith("prodigy ");
    double adam = Double.parseDouble(lines[0].substring(9));
    double prodigy = Double.parseDouble(lines[1].substring(9));
    assertThat(adam).isGreaterThan(0.95);
    assertThat(prodigy).isGreaterThan(adam - 0.01);
  }

  private static GradientTransformation<?> optimizer(String name) {
    GradientTransformation<?> adversary =
        Transforms.chain(Contrib.normalize(), Optimizers.sgd(0.05));
    return Map.<String, GradientTransformation<?>>of(
            "adam", Optimizers.adam(2e-3),
            "sam", Contrib.sam(Optimizers.adam(4e-3), adversary),
            "sam opaque", Contrib.sam(Optimizers.adam(2e-3), adversary).opaqueMode(true),
            "schedule free", Contrib.scheduleFreeAdamw(5e-3),
            "muon", Contrib.muon(0.02),
            "lbfgs", Optimizers.lbfgs())
        .get(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"adam", "sam", "sam opaque", "schedule free", "muon", "lbfgs"})
  void learnsInFiveEpochs(String name) {
    try (Digits digits = new Digits(1)) {
      double accuracy = digits.accuracy(digits.with(optimizer(name)), 5);
      assertThat(accuracy).isGreaterThan(name.equals("lbfgs") ? 0.8 : 0.9);
    }
  }
}
