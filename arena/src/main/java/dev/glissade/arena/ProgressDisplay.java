package dev.glissade.arena;

import dev.glissade.arena.train.Experiment;
import dev.glissade.arena.train.ProgressListener;
import picocli.CommandLine;

/** Shows how training gets on: bars on a terminal, else a line now and then. */
final class ProgressDisplay {
  /** Whether the standard error stream is a terminal, as the start script says. */
  private static final String TERMINAL = "glissade.terminal";

  private ProgressDisplay() {}

  static ProgressListener of(CommandLine command, Experiment experiment) {
    return Boolean.getBoolean(TERMINAL)
        ? new ProgressBars(experiment)
        : new ProgressLog(command.getErr(), experiment);
  }
}
