package dev.glissade.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import com.fasterxml.jackson.databind.JsonNode;
import dev.glissade.DType;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The losses of recorded cases, whether their optimizers are built or not. */
class RecordedProblemTest {
  private static final double H = 1e-5;

  static List<Trajectory> cases() throws IOException {
    return Trajectory.all().stream().filter(one -> one.source().has("problem")).toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void valueIsTheRecordedLoss(Trajectory recorded) {
    JsonNode expected = recorded.source().get("expected");
    for (int step = 0; step < expected.get("losses").size(); step++) {
      double loss = expected.get("losses").get(step).doubleValue();
      assertThat(problem(recorded).value(paramsBefore(recorded, step)))
          .isCloseTo(loss, offset(1e-9 * Math.max(Math.abs(loss), 1e-3)));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradientAndProductAreDerivatives(Trajectory recorded) {
    RecordedProblem problem = problem(recorded);
    double[] x = paramsBefore(recorded, 0);
    double[] v = paramsBefore(recorded, 1);
    double slope = 0;
    for (int i = 0; i < x.length; i++) {
      slope += problem.gradient(x)[i] * v[i];
    }
    double rise = problem.value(moved(x, v, H)) - problem.value(moved(x, v, -H));
    assertThat(slope).isCloseTo(rise / (2 * H), offset(1e-5 * Math.max(1, Math.abs(slope))));
    double[] product = problem.hessianProduct(x, v);
    double[] after = problem.gradient(moved(x, v, H));
    double[] before = problem.gradient(moved(x, v, -H));
    for (int i = 0; i < x.length; i++) {
      assertThat(product[i])
          .isCloseTo((after[i] - before[i]) / (2 * H), offset(1e-5 * (1 + Math.abs(product[i]))));
    }
  }

  private static RecordedProblem problem(Trajectory recorded) {
    return RecordedProblem.of(recorded.source().get("problem"));
  }

  private static double[] paramsBefore(Trajectory recorded, int step) {
    JsonNode source = recorded.source();
    JsonNode params =
        step == 0 ? source.get("params") : source.get("expected").get("params").get(step - 1);
    return RecordedProblem.vector(Trajectory.tree(params, DType.FLOAT64));
  }

  private static double[] moved(double[] x, double[] v, double h) {
    double[] moved = x.clone();
    for (int i = 0; i < x.length; i++) {
      moved[i] += h * v[i];
    }
    return moved;
  }
}
