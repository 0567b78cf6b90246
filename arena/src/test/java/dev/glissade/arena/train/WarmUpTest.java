package dev.glissade.arena.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.arena.data.Datasets;
import dev.glissade.arena.data.Examples;
import dev.glissade.arena.report.Trials;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WarmUpTest {
  private static final Plan LONG = new Plan(List.of(64), 100_000, 32, RateSchedule.CONSTANT);

  /** Without a bound, a single one of these runs would take an hour. */
  @Test
  void itEndsSoonAndSaysNothing() {
    Examples digits = Datasets.digits();
    List<Candidate> candidates =
        new ArrayList<>(Candidate.all(OptimizerParser.list("sgd,prodigy,sam"), LONG));
    candidates.add(new Candidate(OptimizerParser.one("dpsgd"), LONG, 0, 3.0));
    Experiment experiment = new Experiment(candidates, 0, 1, 2);
    long begin = System.nanoTime();
    WarmUp.run(experiment, new SplitCache(digits), new StopSignal());
    assertThat((System.nanoTime() - begin) / 1e9).isLessThan(20);
  }

  /** Runs are the same as without it, here of a single candidate and seed. */
  @Test
  void itChangesNoResult() {
    Examples digits = Datasets.digits();
    Plan plan = new Plan(List.of(8), 2, 32, RateSchedule.COSINE);
    List<Candidate> two = Candidate.all(OptimizerParser.list("adam,prodigy"), plan);
    List<Trials> together = new Experiment(two, 0, 1, 1).run(digits, ProgressListener.SILENT);
    Trials alone =
        new Experiment(two.subList(1, 2), 0, 1, 1).run(digits, ProgressListener.SILENT).get(0);
    assertThat(together.get(1).mean().testLoss()).isEqualTo(alone.mean().testLoss());
  }

  @Test
  void privateStepsThatAreTooMany() {
    Plan plan = new Plan(List.of(), 2_000_000_000, 1, RateSchedule.CONSTANT);
    assertThatThrownBy(() -> PrivateRun.steps(plan, 0.01))
        .hasMessage(
            "--epochs must give at most 2^31 - 1 steps of private training, but was 2000000000,"
                + " which gives 200000000000");
    assertThat(PrivateRun.steps(plan, 1)).isEqualTo(2_000_000_000);
  }
}
