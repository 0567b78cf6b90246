package dev.glissade.spark;

import java.io.NotSerializableException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkDriverExecutionException;
import org.jspecify.annotations.Nullable;

/** Finds in an exception of Spark what went wrong in the task, in one line. */
final class FailureCause {
  /** What stands before a task's exception in Spark's messages. */
  private static final List<Pattern> BEFORE =
      List.of(
          Pattern.compile("finished unsuccessfully\\.\\s+"),
          Pattern.compile("Lost task [^\\n]*?\\((?:[^()\\n]|\\([^()\\n]*\\))*\\): "),
          Pattern.compile("Most recent failure(?: reason)?: "));

  /** How Spark begins, since version 4 with the name of its error. */
  private static final Pattern CANCELLED =
      Pattern.compile("(?:\\[[A-Z_.]+] )?Job \\d+ cancelled\\b");

  private static final Pattern NOT_SERIALIZABLE =
      Pattern.compile("not serializable: java\\.io\\.NotSerializableException: (\\S+)");

  private static final String WRONG_GRADIENT = WrongGradientException.class.getName() + ": ";

  private FailureCause() {}

  static String of(Throwable thrown) {
    Throwable failure = unwrapped(thrown);
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
    return CANCELLED.matcher(String.valueOf(unwrapped(failure).getMessage())).lookingAt();
  }

  /**
   * Returns what the caller must mend, so that another attempt is of no use: gradients that don't
   * fit, or something that can't be serialized; null for anything else.
   */
  static @Nullable IllegalArgumentException mistake(Throwable failure) {
    String line = of(failure);
    if (line.startsWith(WRONG_GRADIENT)) {
      return new IllegalArgumentException(line.substring(WRONG_GRADIENT.length()), failure);
    }
    Matcher matcher = NOT_SERIALIZABLE.matcher(String.valueOf(failure.getMessage()));
    String name = matcher.find() ? matcher.group(1) : null;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof NotSerializableException && cause.getMessage() != null) {
        name = cause.getMessage().lines().findFirst().orElse("");
      }
    }
    return name == null
        ? null
        : new IllegalArgumentException(
            "all that tasks use must be serializable, but %s was not: make it Serializable, or"
                    .formatted(name)
                + " create it in the supplier of the gradient or optimizer",
            failure);
  }

  /** Returns what the handler of a job's results has thrown, or the failure itself. */
  private static Throwable unwrapped(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof SparkDriverExecutionException && cause != null ? cause : failure;
  }
}
