package dev.glissade.arena;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.privacy.accounting.BoundFormat;
import dev.glissade.privacy.accounting.RenyiAccountant;
import dev.glissade.privacy.accounting.SampledGaussian;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrivateTrainTest {
  private static final Pattern ACCURACY = Pattern.compile("test accuracy ([0-9.]+) %");

  private static double accuracy(String... arguments) throws IOException {
    ProgramRun run = ProgramRun.run(arguments);
    assertThat(run.code()).as(run.err()).isZero();
    Matcher matcher = ACCURACY.matcher(run.out());
    assertThat(matcher.find()).as(run.out()).isTrue();
    return Double.parseDouble(matcher.group(1));
  }

  @Test
  void statesWhatWasSpent() throws IOException {
    ProgramRun run =
        ProgramRun.run(
            "train", "--optimizer=dpsgd", "--model=softmax", "--epochs=3", "--target-epsilon=3");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .containsPattern(
            "spent: epsilon (3\\.000|2\\.999) at delta 1e-5 \\(by loss distribution\\)")
        .containsPattern("noise multiplier [0-9.]+, 51 steps\n")
        .contains("add or remove one example")
        .doesNotContain("train loss");
  }

  @Test
  void aFullBatchTakesEachExampleAtEachStep() throws IOException {
    ProgramRun run =
        ProgramRun.run(
            "train",
            "--optimizer=dpsgd",
            "--model=softmax",
            "--epochs=3",
            "--batch=all",
            "--target-epsilon=3");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).containsPattern("spent: epsilon (3\\.000|2\\.999)").contains(", 3 steps");
  }

  @Test
  void onlyDpsgdIsPrivate() throws IOException {
    ProgramRun run = ProgramRun.run("train", "--optimizer=adamw", "--target-epsilon=3");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .contains("--optimizer must be dpsgd with --target-epsilon, but was adamw");
  }

  @Test
  void normsAreReportedWithAWarning() throws IOException {
    ProgramRun run =
        ProgramRun.run(
            "train",
            "--optimizer=dpsgd",
            "--model=softmax",
            "--epochs=1",
            "--target-epsilon=3",
            "--report-norms");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err())
        .containsPattern("last batch: \\d+ gradients, .* clipped at 0.5000; norms: ")
        .contains("not private");
    assertThat(ProgramRun.run("train", "--report-norms").err())
        .contains("--report-norms must be given with --target-epsilon");
  }

  /** In a comparison, private rows have an epsilon; the others have none. */
  @Test
  void comparisonsShowEpsilon() throws IOException {
    ProgramRun run =
        ProgramRun.run(
            "compare",
            "--optimizers=sgd,dpsgd,dpsgd(noise_multiplier=0)",
            "--model=softmax",
            "--epochs=2",
            "--seeds=1");
    assertThat(run.code()).as(run.err()).isZero();
    RenyiAccountant accountant = new RenyiAccountant();
    accountant.add(new SampledGaussian(32 / 1078.0, 1, 2 * 34));
    String epsilon = BoundFormat.upperBound(accountant.epsilon(1e-5).epsilon());
    assertThat(run.out())
        .containsPattern("test accuracy +time +learned step size +epsilon")
        .containsPattern("\ndpsgd .* " + epsilon + "\n")
        .containsPattern("\nsgd .* -\n")
        .containsPattern("\ndpsgd\\(noise_multiplier=0\\) .* -\n");
  }

  @ParameterizedTest
  @CsvSource({"8.9, 92", "3, 91", "0.8, 84"})
  @Tag("slow")
  void accuracyForABudget(String epsilon, double least) throws IOException {
    double sum = 0;
    for (int seed = 0; seed < 5; seed++) {
      sum +=
          accuracy(
              "train",
              "--optimizer=dpsgd",
              "--model=softmax",
              "--seed=" + seed,
              "--target-epsilon=" + epsilon);
    }
    assertThat(sum / 5).isGreaterThanOrEqualTo(least);
  }
}
