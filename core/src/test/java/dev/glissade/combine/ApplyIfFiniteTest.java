package dev.glissade.combine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.catalog.Catalog;
import dev.glissade.combine.ApplyIfFinite.ApplyIfFiniteState;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The steps that the original takes, skips and, after too many, lets through. */
class ApplyIfFiniteTest {

  static Stream<JsonNode> cases() throws Exception {
    Path file = Path.of("../conformance/apply-if-finite.json");
    return StreamSupport.stream(new ObjectMapper().readTree(file.toFile()).spliterator(), false);
  }

  private static double[] numbers(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false)
        .mapToDouble(x -> Double.parseDouble(x.asText()))
        .toArray();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void followsTheOriginal(JsonNode recorded) {
    Object inner = new ObjectMapper().convertValue(recorded.get("inner"), Map.class);
    ApplyIfFinite optimizer =
        new ApplyIfFinite(
            Catalog.standard().optimizer(inner), recorded.get("max_consecutive_errors").asInt());
    Tree start = Tree.of("w", Tensor.of(numbers(recorded.get("params"))));
    Stepper<ApplyIfFiniteState> stepper = Stepper.of(optimizer, start);
    for (JsonNode step : recorded.get("steps")) {
      stepper.step(Tree.of("w", Tensor.of(numbers(step.get("gradients")))));
      double[] expected = numbers(step.get("params"));
      double[] found = stepper.params().get("w").toDoubles();
      for (int i = 0; i < expected.length; i++) {
        if (Double.isFinite(expected[i])) {
          assertThat(found[i]).isCloseTo(expected[i], offset(1e-9));
        } else {
          assertThat(found[i]).isEqualTo(Double.valueOf(expected[i]));
        }
      }
      ApplyIfFiniteState state = stepper.state();
      assertThat(state.notfiniteCount().value()).isEqualTo(step.get("notfinite_count").asInt());
      assertThat(state.lastFinite().value()).isEqualTo(step.get("last_finite").asInt());
      assertThat(state.totalNotfinite().value()).isEqualTo(step.get("total_notfinite").asInt());
    }
  }
}
