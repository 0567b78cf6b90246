package dev.glissade.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each example prints what its comment says; a new one without a check here fails. */
class ExamplesTest {

  private static final Map<String, Consumer<String>> CHECKS =
      Map.ofEntries(
          Map.entry("LogisticRegression", ExamplesTest::logisticRegression),
          Map.entry("LayerwiseRates", ExamplesTest::layerwiseRates),
          Map.entry("CustomOptimizer", ExamplesTest::customOptimizer),
          Map.entry("SaveAndResume", ExamplesTest::saveAndResume),
          Map.entry("OpaqueSam", ExamplesTest::opaqueSam),
          Map.entry("ProdigyAgainstAdam", ExamplesTest::prodigyAgainstAdam),
          Map.entry("PrivateTrainingExample", ExamplesTest::privateTraining),
          Map.entry("ScheduleAsCode", ExamplesTest::scheduleAsCode),
          Map.entry("AccumulateAndClip", ExamplesTest::accumulateAndClip),
          Map.entry("FreezeALayer", ExamplesTest::freezeALayer),
          Map.entry("LearnedStepSize", ExamplesTest::learnedStepSize),
          Map.entry("ComplexParameters", ExamplesTest::complexParameters),
          Map.entry("FlatVector", ExamplesTest::flatVector));

  static List<Class<?>> examples() throws Exception {
    return ExampleRun.examples();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void printsWhatItSays(Class<?> example) throws Exception {
    String name = example.getSimpleName();
    assertThat(CHECKS).as("checks of what an example prints").containsKey(name);
    CHECKS.get(name).accept(ExampleRun.of(example).printed());
  }

  @Test
  void noCheckIsOfAnExampleThatIsGone() throws Exception {
    assertThat(CHECKS).hasSameSizeAs(examples());
  }

  @Test
  void eachExampleIsShort() throws IOException, URISyntaxException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readAllLines(file)).as(file.toString()).hasSizeLessThan(90);
      }
    }
  }

  /** Returns the rest of the one line that begins with this. */
  private static String after(String start, String printed) {
    List<String> lines = printed.lines().filter(line -> line.startsWith(start)).toList();
    assertThat(lines).as("lines that begin with \"%s\" in%n%s", start, printed).hasSize(1);
    return lines.get(0).substring(start.length());
  }

  private static double number(String start, String printed) {
    return Double.parseDouble(after(start, printed));
  }

  private static void logisticRegression(String printed) {
    assertThat(number("accuracy: ", printed)).isGreaterThan(0.9);
    assertThat(number("step size: ", printed)).isBetween(1e-3, 100.0);
  }

  private static void layerwiseRates(String printed) {
    // The first element is 1: SGD takes 0.002 of it, Adam a step of 0.1.
    double sgd = 1 - Math.pow(1 - 0.002, 5);
    for (String leaf : List.of("encoder/0/kernel ", "encoder/0/bias   ")) {
      assertThat(number(leaf + "moved by ", printed)).isBetween(sgd - 1e-3, sgd + 1e-3);
    }
    for (String leaf : List.of("head/kernel      ", "head/bias        ")) {
      assertThat(number(leaf + "moved by ", printed)).isBetween(0.45, 0.5);
    }
  }

  private static void customOptimizer(String printed) {
    String[] numbers = after("minimum: ", printed).split(" ");
    assertThat(numbers).hasSize(2);
    for (String number : numbers) {
      assertThat(Double.parseDouble(number)).isBetween(0.98, 1.02);
    }
    // The clip needs a pass of its own, for the norm; all the rest is one.
    assertThat(after("passes over memory: ", printed)).isEqualTo("2");
  }

  private static void saveAndResume(String printed) {
    assertThat(after("resumed at step: ", printed)).isEqualTo("40");
    assertThat(after("same bits: ", printed)).isEqualTo("true");
    assertThat(after("with a stop: ", printed)).isEqualTo(after("without a stop: ", printed));
  }

  private static void opaqueSam(String printed) {
    String[] errors = after("epoch 5: SGD ", printed).split(", SAM ");
    double sgd = Double.parseDouble(errors[0]);
    double sam = Double.parseDouble(errors[1]);
    assertThat(sam).isLessThan(0.28).isLessThan(sgd - 0.03);
  }

  private static void privateTraining(String printed) {
    assertThat(number("epsilon: ", printed)).isPositive().isLessThanOrEqualTo(2);
    assertThat(number("delta: ", printed)).isEqualTo(1e-5);
    assertThat(after("steps: ", printed)).isEqualTo("100");
    assertThat(number("accuracy: ", printed)).isGreaterThan(0.85);
    assertThat(after("neighbors: ", printed)).isEqualTo("add or remove one example");
  }

  private static void scheduleAsCode(String printed) {
    assertThat(after("lambda: ", printed))
        .startsWith("rate 0.1000 at step 0, 0.0218 at 20, 0.0100 at 100;");
    assertThat(after("warm-up cosine: ", printed))
        .startsWith("rate 0.0000 at step 0, 0.1000 at 20, 0.0587 at 100;");
    assertThat(after("joined: ", printed))
        .startsWith("rate 0.1000 at step 0, 0.1000 at 20, 0.0218 at 100;");
    for (String name : List.of("lambda: ", "warm-up cosine: ", "joined: ")) {
      String line = after(name, printed);
      assertThat(Double.parseDouble(line.substring(line.indexOf("distance ") + 9)))
          .isLessThan(0.05);
    }
  }

  private static void accumulateAndClip(String printed) {
    String start = "0.000 0.000";
    for (int batch : new int[] {1, 2, 3}) {
      assertThat(after("micro-batch " + batch + ": ", printed)).isEqualTo(start);
    }
    String moved = after("micro-batch 4: ", printed);
    // Half of (5, 12) / 13.
    assertThat(moved).isEqualTo("-0.192 -0.462");
    for (int batch : new int[] {5, 6, 7}) {
      assertThat(after("micro-batch " + batch + ": ", printed)).isEqualTo(moved);
    }
    assertThat(after("micro-batch 8: ", printed)).isNotEqualTo(moved);
    assertThat(after("steps of the stepper: ", printed)).isEqualTo("8");
    assertThat(after("steps of the optimizer: ", printed)).isEqualTo("2");
  }

  private static void freezeALayer(String printed) {
    String encoder = "encoder  3.00 -2.00  head ";
    assertThat(after("at the start  ", printed)).isEqualTo(encoder + " 1.00  2.00");
    assertThat(after("frozen        ", printed)).startsWith(encoder).doesNotEndWith(" 1.00  2.00");
    assertThat(after("unfrozen      ", printed)).doesNotContain(encoder);
    assertThat(after("steps: ", printed)).isEqualTo("60");
  }

  private static void learnedStepSize(String printed) {
    double first = number("step 20, Prodigy: ", printed);
    double last = number("step 60, Prodigy: ", printed);
    assertThat(first).isBetween(1e-5, last);
    assertThat(last).isBetween(0.01, 10.0);
    assertThat(number("set, Prodigy: ", printed)).isBetween(1e-3, 0.1);
    assertThat(number("step 60, Mechanic: ", printed)).isBetween(1e-4, 10.0);
    assertThat(number("moved at rate 0.1: ", printed)).isBetween(0.099, 0.101);
    assertThat(number("moved at rate 0.01: ", printed)).isBetween(0.0099, 0.0101);
  }

  private static void complexParameters(String printed) {
    assertThat(number("loss: ", printed)).isZero();
    assertThat(number("overlap: ", printed)).isBetween(0.99999, 1.00001);
  }

  private static void flatVector(String printed) {
    assertThat(printed).startsWith("0.000\n1.000\n2.000\n3.000\n4.000\n");
    assertThat(number("bias: ", printed)).isEqualTo(4);
    assertThat(after("equal: ", printed)).isEqualTo("true");
  }

  private static void prodigyAgainstAdam(String printed) {
    double prodigy = number("Prodigy     ", printed);
    assertThat(prodigy).isLessThan(1e-3);
    for (String rate : List.of("0.001", "0.01 ", "1.0  ")) {
      assertThat(number("Adam " + rate + "  ", printed)).isGreaterThan(prodigy);
    }
  }
}
