package dev.glissade.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Our optimizers learn as well as libtorch's own Adam, over three seeds. */
class LearningTest {
  @Test
  void isAsGoodAsAdamOfLibtorch() {
    Map<String, Double> accuracies = Digits.accuracies();
    double adam = accuracies.get("torch adam");
    assertThat(adam).isGreaterThan(0.95);
    assertThat(accuracies).hasSize(4);
    assertThat(accuracies.values()).allSatisfy(a -> assertThat(a).isGreaterThan(adam - 0.01));
    assertThat(accuracies.get("adam")).isBetween(adam - 0.005, adam + 0.005);
  }
}
