package dev.glissade.checkpoint;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * How what an older version of the format holds becomes what this one holds.
 *
 * @param steps the first turns version 1 into version 2, and so on
 */
record Migrations(List<Step> steps) {
  /** There is one version so far. */
  static final Migrations ALL = new Migrations(List.of());

  Migrations {
    steps = List.copyOf(steps);
  }

  /** Changes the notes and the tensors of one version to those of the next. */
  interface Step {
    void migrate(Map<String, String> metadata, SortedMap<String, Content> contents);
  }

  /** The version that is written. */
  int current() {
    return steps.size() + 1;
  }

  void run(int version, Map<String, String> metadata, SortedMap<String, Content> contents) {
    for (Step step : steps.subList(version - 1, steps.size())) {
      step.migrate(metadata, contents);
    }
  }
}
