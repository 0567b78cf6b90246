package dev.glissade.arena.report;

import dev.glissade.arena.data.Task;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What all runs of a report have in common.
 *
 * @param model the model's description
 * @param schedule the learning rate schedule's name
 * @param seed the first seed
 * @param seeds the number of seeds asked for
 * @param labelNoise the share of wrong train labels
 * @param startedAt the time at which the first run began
 * @param command the command that made the report
 * @param options all options that decide the results, by name, as plain values
 * @param stopped whether the user stopped it before all runs were complete
 */
public record Setting(
    DataFacts data,
    String model,
    int epochs,
    int batch,
    long seed,
    int seeds,
    String schedule,
    double labelNoise,
    int threads,
    Instant startedAt,
    String command,
    Map<String, @Nullable Object> options,
    boolean stopped) {

  /** Copies the options. */
  public Setting {
    options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
  }

  /**
   * What a report says about the data.
   *
   * @param name the name of the file or folder
   * @param task what the models predict
   * @param label the name of the label column; empty if it has none
   * @param train the number of train examples
   * @param validation the number of validation examples
   * @param test the number of test examples
   * @param features the number of inputs of a model
   * @param classes the number of classes; 0 in regression
   */
  public record DataFacts(
      String name,
      Task task,
      String label,
      int train,
      int validation,
      int test,
      int features,
      int classes) {}

  /** Returns the score of the task on the test part: accuracy or R^2. */
  public Metric score() {
    return Metric.of(data.task());
  }
}
