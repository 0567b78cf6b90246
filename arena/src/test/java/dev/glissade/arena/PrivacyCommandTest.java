package dev.glissade.arena;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.testing.ProcessorTime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrivacyCommandTest {

  @ParameterizedTest
  @CsvSource({"1.3, 15, 0.955, 1.193", "1.1, 60, 2.597, 3.009"})
  void statesTheKnownFigures(String noise, String epochs, String improved, String older)
      throws IOException {
    ProgramRun run =
        ProgramRun.run(
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
    ProgramRun run =
        ProgramRun.run(
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

  /** What is printed of the noise keeps the target as it is printed, by the tightest figure. */
  @ParameterizedTest
  @CsvSource({
    "1347, 64, 30, 3, 1e-5, 1.855",
    "60000, 256, 15, 0.01, 1e-5, 61.70",
    "60000, 256, 15, 0.02, 1e-5, 33.37",
    "100, 100, 10, 1e-3, 1e-12, 17115"
  })
  void findsTheNoiseOfATarget(
      String examples, String batch, String epochs, double target, String delta, String noise)
      throws IOException {
    ProgramRun run =
        ProgramRun.run(
            "privacy",
            "--examples=" + examples,
            "--batch=" + batch,
            "--target-epsilon=" + target,
            "--epochs=" + epochs,
            "--delta=" + delta);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).startsWith("noise " + noise);
    Matcher tightest =
        Pattern.compile("epsilon (\\S+)  by loss distribution, the tightest").matcher(run.out());
    assertThat(tightest.find()).as(run.out()).isTrue();
    assertThat(Double.parseDouble(tightest.group(1)))
        .isBetween(target * 0.999, Math.max(target, 1e-3) * 1.0000001);
    String found = run.out().substring("noise ".length(), run.out().indexOf(','));
    ProgramRun again =
        ProgramRun.run(
            "privacy",
            "--examples=" + examples,
            "--batch=" + batch,
            "--noise=" + found,
            "--epochs=" + epochs,
            "--delta=" + delta);
    assertThat(again.out()).isEqualTo(run.out());
  }

  /** Figures are upper bounds: 4.3771781, 7.2384944 and 0.0000072172 in exact arithmetic. */
  @ParameterizedTest
  @CsvSource({
    "100, 100, 1, 1, 1e-5, 4.378",
    "100, 100, 1, 1, 1e-12, 7.239",
    "100, 100, 30000, 1, 1e-5, 0.00000722"
  })
  void figuresAreRoundedUp(
      String examples, String batch, String noise, String epochs, String delta, String epsilon)
      throws IOException {
    ProgramRun run =
        ProgramRun.run(
            "privacy",
            "--examples=" + examples,
            "--batch=" + batch,
            "--noise=" + noise,
            "--epochs=" + epochs,
            "--delta=" + delta);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("epsilon " + epsilon + "  by loss distribution, the tightest");
  }

  /** An answer or a sentence, within seconds, whatever is given. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, --noise=1, 1e12, 1e-5, 0",
    "1, 1, --noise=1, 2e12, 1e-5, 2",
    "1000000, 1, --noise=1, 1e6, 1e-6, 0",
    "60000, 256, --noise=1e-8, 1, 1e-5, 0",
    "60000, 256, --noise=1e8, 1, 1e-5, 0",
    "60000, 256, --noise=1e-300, 1, 1e-5, 0",
    "60000, 256, --noise=1e300, 1e6, 1e-5, 0",
    "9000000000000000000, 1, --noise=1, 1e-18, 1e-5, 0",
    "9000000000000000000, 1, --noise=1, 1, 1e-5, 2",
    "1000000000000000, 1000, --noise=1, 1, 1e-300, 0",
    "60000, 256, --noise=1, 10, 4.9e-324, 0",
    "60000, 256, --noise=1, 10, 0.999, 0",
    "60000, 256, --target-epsilon=1e9, 1, 1e-5, 0",
    "60000, 256, --target-epsilon=1e-9, 1, 1e-5, 0",
    "60000, 256, --target-epsilon=1e-300, 1, 1e-300, 2",
    "60000, 256, --target-epsilon=1e-5, 15, 1e-300, 0",
    "1, 1, --target-epsilon=1, 1e12, 1e-5, 0",
    "60000, 256, --noise=NaN, 1, 1e-5, 2",
    "60000, 256, --target-epsilon=Infinity, 1, 1e-5, 2",
    "60000, 256, --noise=1, Infinity, 1e-5, 2",
    "60000, 256, --noise=1, 1e-300, 1e-5, 0",
    "60000, 256, --noise=1, 1e300, 1e-5, 2"
  })
  void anyInputEndsInTime(
      String examples, String batch, String noise, String epochs, String delta, int code)
      throws Exception {
    ProcessorTime.requireAtMost(
        60,
        "privacy",
        () -> {
          for (String shuffled : List.of("", "--shuffled")) {
            List<String> arguments =
                new ArrayList<>(
                    List.of(
                        "privacy",
                        "--examples=" + examples,
                        "--batch=" + batch,
                        noise,
                        "--epochs=" + epochs,
                        "--delta=" + delta));
            if (!shuffled.isEmpty()) {
              arguments.add(shuffled);
            }
            ProgramRun run = ProgramRun.run(arguments.toArray(String[]::new));
            assertThat(run.code()).as(run.out() + run.err()).isEqualTo(code);
            assertThat(run.out() + run.err()).doesNotContain("NaN  by", "Exception");
          }
        });
  }

  @ParameterizedTest
  @CsvSource({
    "--noise=0, '--noise must be positive, since no epsilon is finite without noise, but was 0.0'",
    "--noise=-1, '--noise must be positive, since no epsilon is finite without noise, but was -1.0'",
    "--target-epsilon=0, '--target-epsilon must be positive, but was 0.0'",
  })
  void refuses(String option, String sentence) throws IOException {
    ProgramRun run =
        ProgramRun.run(
            "privacy", "--examples=10", "--batch=2", option, "--epochs=1", "--delta=1e-5");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains(sentence);
  }

  @Test
  void aBatchIsNotLargerThanTheData() throws IOException {
    ProgramRun run =
        ProgramRun.run(
            "privacy", "--examples=10", "--batch=20", "--noise=1", "--epochs=1", "--delta=.1");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--batch must be from 1 to --examples, but was 20");
  }

  /** 16 epochs: as one sum with noise 1, of which the exact epsilon is 4.377. */
  @Test
  void shuffledBatchesHaveTheirOwnFigure() throws IOException {
    ProgramRun run =
        ProgramRun.run(
            "privacy",
            "--examples=60000",
            "--batch=256",
            "--noise=4",
            "--epochs=16",
            "--delta=1e-5",
            "--shuffled");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains(
            "(shuffled)", "Bounds for Poisson sampling do not hold for batches of shuffled data")
        .containsPattern("epsilon 4\\.729  by Renyi, at order")
        .contains("epsilon 4.378  by loss distribution, the tightest");
  }
}
