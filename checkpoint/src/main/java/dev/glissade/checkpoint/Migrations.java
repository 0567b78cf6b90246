package dev.glissade.checkpoint;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Converts the content of an older version of the format to this one.
 *
 * @param steps the conversions: the first from version 1 to version 2, and so on
 */
record Migrations(List<Step> steps) {
  /** All conversions; none yet, since there is only one version so far. */
  static final Migrations ALL = new Migrations(List.of());

  Migrations {
    steps = List.copyOf(steps);
  }

  /** Converts the notes and tensors of one version to those of the next. */
  interface Step {
    void migrate(Map<String, String> metadata, SortedMap<String, Content> contents);
  }

  /** Returns the version that this library writes. */
  int current() {
    return steps.size() + 1;
  }

  void run(int version, Map<String, String> metadata, SortedMap<String, Content> contents) {
    for (Step step : steps.subList(version - 1, steps.size())) {
      step.migrate(metadata, contents);
    }
  }
}
