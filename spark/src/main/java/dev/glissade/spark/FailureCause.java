package dev.glissade.spark;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds in an exception of Spark what went wrong in the task, in one line. */
final class FailureCause {
  /** What stands before a task's exception in Spark's messages. */
  private static final List<Pattern> BEFORE =
      List.of(
          Pattern.compile("finished unsuccessfully\\.\\s+"),
          Pattern.compile("Lost task [^\\n]*?\\((?:[^()\\n]|\\([^()\\n]*\\))*\\): "),
          Pattern.compile("Most recent failure(?: reason)?: "));

  private FailureCause() {}

  static String of(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    for (Pattern pattern : BEFORE) {
      Matcher matcher = pattern.matcher(message);
      int end = -1;
      while (matcher.find()) {
        end = matcher.end();
      }
      if (end >= 0) {
        return message.substring(end).lines().findFirst().orElse(message).strip();
      }
    }
    return message.lines().findFirst().orElse(failure.getClass().getSimpleName());
  }

  /** Returns whether the user ended the job, so that it must not be started again. */
  static boolean isCancelled(Throwable failure) {
    return Pattern.compile("\\bcancelled\\b").matcher(String.valueOf(failure.getMessage())).find();
  }
}
