package dev.glissade.arena;

import dev.glissade.arena.text.Text;
import picocli.CommandLine;

/** Warns of a test part that is too small for its score to mean much. */
final class SmallTest {
  /** With fewer rows, one of them changes the accuracy by more than 3 percentage points. */
  private static final int FEW = 30;

  private SmallTest() {}

  static void warn(CommandLine command, int rows) {
    if (rows < FEW) {
      Failures.say(
          command,
          "the test part has only %s, so its score says little about new data"
              .formatted(Text.count(rows, "row", "rows")));
    }
  }
}
