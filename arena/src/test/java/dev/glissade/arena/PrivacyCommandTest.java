package dev.glissade.arena;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrivacyCommandTest {

  @ParameterizedTest
  @CsvSource({"1.3, 15, 0.955, 1.192", "1.1, 60, 2.597, 3.008"})
  void statesTheKnownFigures(String noise, String epochs, String improved, String older)
      throws IOException {
    Program run =
        Program.run(
            "privacy",
            "--examples=60000",
            "--batch=256",
            "--noise=" + noise,
            "--epochs=" + epochs,
            "--delta=1e-5");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("epsilon " + improved + "  by Renyi, at order")
        .contains("epsilon " + older + "  by Renyi, older conversion, at order")
        .contains("by loss distribution, the tightest")
        .contains("Poisson sampling");
  }

  /** Where there is little noise: no figure is below the truth, and there is one in time. */
  @ParameterizedTest
  @CsvSource({
    "100, 100, 1, 4000, 2268",
    "60000, 256, 0.01, 1, 1000",
    "10, 10, 0.05, 10, 2000",
    "60000, 256, 0.001, 1, 1000"
  })
  void littleNoiseStatesMuch(
      String examples, String batch, String noise, String epochs, double least) throws IOException {
    Program run =
        Program.run(
            "privacy",
            "--examples=" + examples,
            "--batch=" + batch,
            "--noise=" + noise,
            "--epochs=" + epochs,
            "--delta=1e-5");
    assertThat(run.code()).as(run.err()).isZero();
    Matcher figures = Pattern.compile("epsilon (\\S+)  by").matcher(run.out());
    int found = 0;
    while (figures.find()) {
      found++;
      assertThat(Double.parseDouble(figures.group(1))).as(run.out()).isGreaterThan(least);
    }
    assertThat(found).isEqualTo(3);
  }

  @Test
  void findsTheNoiseOfATarget() throws IOException {
    Program run =
        Program.run(
            "privacy",
            "--examples=1347",
            "--batch=64",
            "--target-epsilon=3",
            "--epochs=30",
            "--delta=1e-5");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).startsWith("noise ").containsPattern("epsilon (3.000|2.999)  by Renyi,");
  }

  @ParameterizedTest
  @CsvSource({
    "--noise=0, '--noise must be positive: without noise there is no epsilon: 0.0'",
    "--noise=-1, '--noise must be positive: without noise there is no epsilon: -1.0'",
    "--target-epsilon=0, '--target-epsilon must be positive: 0.0'",
  })
  void refuses(String option, String sentence) throws IOException {
    Program run =
        Program.run("privacy", "--examples=10", "--batch=2", option, "--epochs=1", "--delta=1e-5");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains(sentence);
  }

  @Test
  void aBatchIsNotLargerThanTheData() throws IOException {
    Program run =
        Program.run(
            "privacy", "--examples=10", "--batch=20", "--noise=1", "--epochs=1", "--delta=.1");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--batch must be from 1 to --examples: 20");
  }

  /** 16 epochs: as one sum with noise 1, of which the exact epsilon is 4.377. */
  @Test
  void shuffledBatchesHaveTheirOwnFigure() throws IOException {
    Program run =
        Program.run(
            "privacy",
            "--examples=60000",
            "--batch=256",
            "--noise=4",
            "--epochs=16",
            "--delta=1e-5",
            "--shuffled");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("(shuffled)", "No figure of Poisson sampling holds for batches of shuffled data")
        .containsPattern("epsilon 4\\.729  by Renyi, at order")
        .containsPattern("epsilon 4\\.37[78]  by loss distribution");
  }
}
