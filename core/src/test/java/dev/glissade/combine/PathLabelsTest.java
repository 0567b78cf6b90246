package dev.glissade.combine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.transform.Transforms;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which pattern labels a path, and which patterns may come without an order. */
class PathLabelsTest {

  @Test
  void theFirstPatternThatMatchesCounts() {
    Map<String, String> patterns = new LinkedHashMap<>();
    patterns.put("*/bias", "bias");
    patterns.put("*", "rest");
    PathLabels labels = new PathLabels(patterns);
    assertThat(labels.apply("head/bias")).isEqualTo("bias");
    assertThat(labels.apply("head/kernel")).isEqualTo("rest");
    assertThat(labels.patterns(patterns)).isEqualTo(labels);
  }

  @ParameterizedTest
  @CsvSource({
    "*/bias, *",
    "encoder/*, */bias",
    "a*c, ab*",
    "**, x",
    "head/bias, head/*",
    "!head/*, encoder/*"
  })
  void mapsWithoutAnOrderAreRefusedWhereItMatters(String one, String two) {
    assertThatThrownBy(() -> new PathLabels(Map.of(one, "a", two, "b")))
        .hasMessageStartingWith(
            "patterns must have an order where two may match one path, as a LinkedHashMap has, but had \"")
        .hasMessageContaining("\"" + one + "\"")
        .hasMessageContaining("\"" + two + "\"");
    assertThat(new PathLabels(Map.of(one, "a", two, "a")).apply("head/bias")).isIn("a", "");
  }

  @ParameterizedTest
  @CsvSource({
    "encoder/*, head/*",
    "head/bias, head/kernel",
    "*/bias, */kernel",
    "a*b, a*c",
    "head, head/*",
    "!head/*, head/*"
  })
  void mapsWithoutAnOrderAreTakenWhereItDoesNotMatter(String one, String two) {
    Map<String, String> patterns = Map.of(one, "a", two, "b");
    assertThat(new PathLabels(patterns).patterns()).isEqualTo(patterns);
  }

  @Test
  void partitionTakesPatterns() {
    Tree start =
        Tree.of(
            "encoder/w", Tensor.of(new double[] {1}),
            "head/w", Tensor.of(new double[] {1}));
    Partition partition =
        Transforms.partition(
            Map.of("slow", Transforms.scale(-0.25), "fast", Transforms.scale(-0.5)),
            Map.of("encoder/*", "slow", "head/*", "fast"));
    Stepper<?> stepper = Stepper.of(partition, start);
    stepper.step(start);
    assertThat(stepper.params().get("encoder/w").toDoubles()).containsExactly(0.75);
    assertThat(stepper.params().get("head/w").toDoubles()).containsExactly(0.5);
  }
}
