package dev.glissade.dl4j;

import java.lang.StackWalker.StackFrame;
import java.util.List;

/**
 * Refuses the methods of DL4J that would train with its own updater because they copy or rebuild a
 * network by its configuration. All of them ask the network's updater for its state first.
 */
final class StateCallers {
  private StateCallers() {}

  /** Returns the error of a method that copies a network. */
  static IllegalStateException noCopy(String method) {
    return new IllegalStateException(
        "%s must not be called while GlissadeUpdater is attached, since the copy would train with"
                .formatted(method)
            + " DL4J's own updater: call detach first, and attach one to the copy");
  }

  /** Throws if one of these methods is the caller of the method that called this. */
  static void requireKnown() {
    List<StackFrame> callers =
        StackWalker.getInstance().walk(frames -> frames.skip(2).limit(2).toList());
    for (StackFrame caller : callers) {
      requireNotParallel(caller.getClassName());
      require(caller.getClassName(), caller.getMethodName());
    }
  }

  /** Throws if this thread trains for ParallelWrapper or on Spark. */
  static void requireOwnFit() {
    StackWalker.getInstance().forEach(frame -> requireNotParallel(frame.getClassName()));
  }

  private static void requireNotParallel(String type) {
    if (type.startsWith("org.deeplearning4j.parallelism.")
        || type.startsWith("org.deeplearning4j.spark.")) {
      throw new IllegalStateException(
          "a network with GlissadeUpdater must be trained by its own fit, since copies of it would"
              + " train with DL4J's own updater, but was trained by "
              + type.substring(type.lastIndexOf('.') + 1));
    }
  }

  private static void require(String type, String method) {
    if (type.equals("org.deeplearning4j.util.NetworkUtils")) {
      if (method.equals("refreshUpdater")) {
        throw new IllegalStateException(
            "setLearningRate must not be called while GlissadeUpdater is attached, which does not"
                + " read it: give the optimizer a schedule");
      }
      throw noCopy(method);
    }
    if (method.equals("clone") || method.equals("convertDataType")) {
      throw noCopy(method);
    }
  }
}
