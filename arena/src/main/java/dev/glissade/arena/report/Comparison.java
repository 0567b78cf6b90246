package dev.glissade.arena.report;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Several optimizers on the same model and data.
 *
 * @param trials the trials in the order of --optimizers
 * @param commands the command that repeats each optimizer's runs, in the same order
 */
public record Comparison(Setting setting, List<Trials> trials, List<String> commands) {

  /** Copies the lists. */
  public Comparison {
    trials = List.copyOf(trials);
    commands = List.copyOf(commands);
    if (trials.size() != commands.size()) {
      throw new IllegalArgumentException(
          "commands must have one for each of %d trials, but had %d"
              .formatted(trials.size(), commands.size()));
    }
  }

  /** Returns what decides the ranks: the score of the task on the test part. */
  public Metric metric() {
    return setting.score();
  }

  /** Returns the trials by best metric, then lowest train loss; diverged ones and NaN last. */
  public List<Trials> ranked() {
    return trials.stream()
        .sorted(
            Comparator.comparingInt((Trials t) -> t.diverged() ? 1 : 0)
                .thenComparing(t -> metric().of(t.mean()), metric().bestFirst())
                .thenComparingDouble(t -> t.mean().trainLoss()))
        .toList();
  }

  /** Returns the first of the ranked trials, unless it diverged. */
  public Optional<Trials> best() {
    return ranked().stream().limit(1).filter(t -> !t.diverged()).findFirst();
  }

  /** Returns the difference of these trials to the best ones, seed by seed, unless one diverged. */
  public Optional<PairedDifference> toBest(Trials other) {
    return best()
        .filter(best -> !other.diverged())
        .map(best -> PairedDifference.of(other.numbers(metric()::of), best.numbers(metric()::of)));
  }

  /** Returns whether an optimizer has at least two seeds. */
  public boolean hasSpread() {
    return trials.stream().anyMatch(t -> t.bySeed().size() > 1);
  }

  /** Returns whether each step took all examples, so that evaluations of the loss compare. */
  public boolean isFullBatch() {
    return setting.batch() >= setting.data().train();
  }

  /** Returns whether an optimizer has an epsilon. */
  public boolean isPrivate() {
    return trials.stream().anyMatch(t -> !Double.isNaN(t.mean().epsilon()));
  }
}
