package dev.glissade.arena;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import picocli.CommandLine;

/**
 * Prints the library's warnings as messages of the program, on one line and without control
 * characters, while a command runs.
 */
final class LibraryWarnings {
  private static final Logger LIBRARY = Logger.getLogger("dev.glissade");

  private final Handler handler;
  private final boolean parents = LIBRARY.getUseParentHandlers();

  private LibraryWarnings(Handler handler) {
    this.handler = handler;
  }

  static LibraryWarnings to(CommandLine command) {
    LibraryWarnings warnings =
        new LibraryWarnings(
            new Handler() {
              @Override
              public void publish(LogRecord warning) {
                if (warning.getLevel().intValue() >= Level.WARNING.intValue()) {
                  Failures.say(command, String.valueOf(warning.getMessage()));
                }
              }

              @Override
              public void flush() {}

              @Override
              public void close() {}
            });
    LIBRARY.addHandler(warnings.handler);
    LIBRARY.setUseParentHandlers(false);
    return warnings;
  }

  /** Restores the logging of warnings. */
  void end() {
    LIBRARY.removeHandler(handler);
    LIBRARY.setUseParentHandlers(parents);
  }
}
