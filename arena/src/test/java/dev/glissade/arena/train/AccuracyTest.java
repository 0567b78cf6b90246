package dev.glissade.arena.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.glissade.arena.data.Datasets;
import dev.glissade.arena.report.Trials;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Mean test accuracies of five seeds on the digits. */
@Tag("slow")
class AccuracyTest {
  private static final String WITHOUT_NOISE =
      "dpsgd(learning_rate=0.1,l2_norm_clip=1e6,noise_multiplier=0)";

  private static Map<String, Double> accuracies(
      List<Integer> hidden, int batch, String optimizers) {
    Plan plan = new Plan(hidden, 30, batch, RateSchedule.COSINE);
    List<Candidate> candidates = Candidate.all(OptimizerParser.list(optimizers), plan);
    Experiment experiment = new Experiment(candidates, 0, 5, 2);
    Map<String, Double> accuracies =
        experiment.run(Datasets.digits(), ProgressListener.SILENT).stream()
            .collect(Collectors.toMap(Trials::label, t -> t.mean().testScore()));
    return accuracies;
  }

  @Test
  void perceptron() {
    Map<String, Double> accuracies =
        accuracies(
            List.of(64),
            32,
            "prodigy,dadapt_adamw,cocob,mechanize(sgd),mechanize(adamw),sam,adamw,sgd,"
                + WITHOUT_NOISE);
    for (String name : List.of("prodigy", "dadapt_adamw")) {
      assertThat(accuracies.get(name)).as(name).isGreaterThanOrEqualTo(0.975);
    }
    for (String name : List.of("cocob", "mechanize(sgd)", "mechanize(adamw)", "sam", "adamw")) {
      assertThat(accuracies.get(name)).as(name).isGreaterThanOrEqualTo(0.965);
    }
    assertThat(accuracies.get(WITHOUT_NOISE)).isCloseTo(accuracies.get("sgd"), within(0.01));
  }

  /** At their best learning rates, which a sweep has found. */
  @Test
  void muonNeedsFewerEpochsThanAdamw() throws Exception {
    String adamw = "20 adamw(learning_rate=0.00122)";
    String muon = "10 muon(learning_rate=0.006)";
    double known = accuracy("OpenBLAS", MuonAgainstAdamw.accuracy(adamw));
    assertThat(known).isGreaterThan(0.975);
    assertThat(accuracy("OpenBLAS", MuonAgainstAdamw.accuracy(muon))).isGreaterThan(known);
    String inJava = WithoutOpenblas.call(MuonAgainstAdamw.class, "accuracy", muon);
    assertThat(accuracy("Java", inJava)).isGreaterThan(known);
  }

  private static double accuracy(String library, String found) {
    assertThat(found).startsWith(library + " ");
    return Double.parseDouble(found.substring(library.length() + 1));
  }

  @Test
  void privateSoftmaxRegression() {
    assertThat(accuracies(List.of(), 64, "dpsgd").get("dpsgd")).isGreaterThanOrEqualTo(0.90);
  }
}
