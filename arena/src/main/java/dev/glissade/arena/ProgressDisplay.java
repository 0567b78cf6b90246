package dev.glissade.arena;

import dev.glissade.arena.data.LoadProgress;
import dev.glissade.arena.train.ProgressListener;
import picocli.CommandLine;

/** Chooses how to show progress: bars on a terminal, else a line now and then. */
final class ProgressDisplay {
  /** The property in which the start script says whether standard error is a terminal. */
  private static final String TERMINAL = "glissade.terminal";

  private ProgressDisplay() {}

  static ProgressListener of(CommandLine command, RunsInProgress work) {
    return Boolean.getBoolean(TERMINAL)
        ? new ProgressBars(work)
        : new ProgressLog(command.getErr(), work);
  }

  /** Returns what shows the reading of large files: a bar on a terminal, else nothing. */
  static LoadProgress ofLoading() {
    return Boolean.getBoolean(TERMINAL) ? new LoadingBar() : LoadProgress.NONE;
  }
}
