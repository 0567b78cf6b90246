package dev.glissade.arena;

import dev.glissade.arena.data.Task;
import dev.glissade.arena.train.Candidate;
import dev.glissade.arena.train.Experiment;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The runs whose progress is shown.
 *
 * @param lines the names of the progress bars
 * @param lineOf the bar of each candidate
 * @param labels the name of each candidate in lines of text
 * @param epochs the number of epochs of a run
 * @param seed the first seed
 * @param seeds the number of runs of each candidate
 * @param task what the runs predict
 */
record RunsInProgress(
    List<String> lines,
    List<Integer> lineOf,
    List<String> labels,
    int epochs,
    long seed,
    int seeds,
    Task task) {

  /** Returns the work of an experiment with a bar for each candidate. */
  static RunsInProgress of(Experiment experiment, Task task) {
    List<String> labels = experiment.candidates().stream().map(c -> c.spec().label()).toList();
    List<Integer> own = IntStream.range(0, labels.size()).boxed().toList();
    return of(experiment, labels, own, labels, task);
  }

  /** Returns the work of an experiment whose candidates share bars. */
  static RunsInProgress of(
      Experiment experiment,
      List<String> lines,
      List<Integer> lineOf,
      List<String> labels,
      Task task) {
    Candidate first = experiment.candidates().get(0);
    return new RunsInProgress(
        lines, lineOf, labels, first.plan().epochs(), experiment.seed(), experiment.seeds(), task);
  }

  /** Returns the work of a single run. */
  static RunsInProgress ofOne(String label, int epochs, long seed, Task task) {
    return new RunsInProgress(List.of(label), List.of(0), List.of(label), epochs, seed, 1, task);
  }

  /** Returns the number of runs. */
  int runs() {
    return labels.size() * seeds;
  }

  /** Returns the number of epochs that a bar counts. */
  long epochsOf(int line) {
    long candidates = lineOf.stream().filter(of -> of == line).count();
    return candidates * seeds * epochs;
  }
}
