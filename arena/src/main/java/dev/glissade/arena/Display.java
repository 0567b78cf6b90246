package dev.glissade.arena;

import dev.glissade.arena.train.Contest;
import dev.glissade.arena.train.Progress;
import picocli.CommandLine;

/** Shows how training gets on: bars on a terminal, else a line now and then. */
final class Display {
  /** Whether the standard error stream is a terminal, as the start script says. */
  private static final String TERMINAL = "glissade.terminal";

  private Display() {}

  static Progress of(CommandLine command, Contest contest) {
    return Boolean.getBoolean(TERMINAL) ? new Bars(contest) : new Lines(command.getErr(), contest);
  }
}
