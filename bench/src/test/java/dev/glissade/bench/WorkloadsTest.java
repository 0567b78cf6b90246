package dev.glissade.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.glissade.Stepper;
import dev.glissade.Tree;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks that steps move the bytes that ratios assume, and that all subjects run. */
class WorkloadsTest {
  private static final Pattern ALL = Pattern.compile("([0-9.]+) bytes per parameter in all");

  static Stream<Workload> workloads() {
    return Stream.concat(Workloads.optimizers().stream(), Workloads.compounds().stream());
  }

  @ParameterizedTest
  @MethodSource("workloads")
  void theBytesAreThoseThatAStepMoves(Workload workload) {
    Tree params = RandomData.tree(TreeShape.vector(5000), 1, false);
    Stepper<?> stepper = Stepper.of(workload.optimizer(), params);
    Tree gradients = RandomData.tree(TreeShape.vector(5000), 2, false);
    double bytes = 0;
    for (int step = 0; step < 2 * workload.average(); step++) {
      stepper.step(gradients);
      bytes += step < workload.average() ? 0 : bytes(stepper.explain());
    }
    assertThat(bytes / workload.average()).isCloseTo(workload.bytes(), offset(0.06));
  }

  private static double bytes(String plan) {
    Matcher matcher = ALL.matcher(plan);
    assertThat(matcher.find()).as(plan).isTrue();
    return Double.parseDouble(matcher.group(1));
  }

  @Test
  void examplesAreAddedUp() {
    try (Subject subject = Workloads.example().subject(TreeShape.vectors(10, 20), 1)) {
      assertThat(subject).isInstanceOf(PrivateExample.class);
      assertThat(subject.time(600)).isPositive();
    }
  }

  @ParameterizedTest
  @MethodSource("workloads")
  void everySubjectTakesSteps(Workload workload) {
    try (Crew crew = new Crew()) {
      for (Subject subject :
          List.of(
              new Steps(workload, TreeShape.vector(50_000), 2, false),
              new Steps(workload, TreeShape.vectors(10, 20), 1, false),
              new Steps(workload, TreeShape.vectors(10, 20), 1, true),
              new Traffic(crew, workload, 50_000, 2),
              new HandWritten.AdamW(crew, 50_000, 1),
              new HandWritten.Prodigy(crew, 50_000, 2))) {
        assertThat(subject.time(4)).isPositive();
      }
    }
  }

  @Test
  void wrongOptionsAreRefused() {
    for (String option :
        List.of("--rounds=3", "--rounds=x", "--sizes=0", "--threads=3", "--optimizers=adma")) {
      StringWriter err = new StringWriter();
      int code = Bench.commandLine().setErr(new PrintWriter(err)).execute(option);
      assertThat(code).isEqualTo(2);
      assertThat(err.toString())
          .startsWith("glissade: ")
          .hasLineCount(1)
          .contains(option.replaceFirst("=.*", ""), "(see \"glissade bench --help\")");
    }
  }
}
