package dev.glissade.arena;

import static org.assertj.core.api.Assertions.assertThat;

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
    Program run = Program.run(arguments);
    assertThat(run.code()).as(run.err()).isZero();
    Matcher matcher = ACCURACY.matcher(run.out());
    assertThat(matcher.find()).as(run.out()).isTrue();
    return Double.parseDouble(matcher.group(1));
  }

  @Test
  void statesWhatWasSpent() throws IOException {
    Program run =
        Program.run(
            "train", "--optimizer=dpsgd", "--model=softmax", "--epochs=3", "--target-epsilon=3");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .containsPattern("spent: epsilon (3.000|2.99\\d) at delta 1.0E-5")
        .contains("add or remove one example")
        .doesNotContain("train loss");
  }

  @Test
  void onlyDpsgdIsPrivate() throws IOException {
    Program run = Program.run("train", "--optimizer=adamw", "--target-epsilon=3");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--target-epsilon is for the optimizer dpsgd: adamw");
  }

  @ParameterizedTest
  @CsvSource({"8.9, 93", "3, 91", "0.8, 85"})
  @Tag("slow")
  void accuracyForABudget(String epsilon, double least) throws IOException {
    double sum = 0;
    for (int seed = 0; seed < 5; seed++) {
      sum +=
          accuracy(
              "train",
              "--optimizer=dpsgd",
              "--model=softmax",
              "--batch=64",
              "--schedule=constant",
              "--seed=" + seed,
              "--target-epsilon=" + epsilon);
    }
    assertThat(sum / 5).isGreaterThanOrEqualTo(least);
  }
}
