package dev.glissade.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The Python original, torch and SciPy, as far as a given python has them. */
final class PythonPeers implements AutoCloseable {
  private final @Nullable PeerProcess process;

  private PythonPeers(@Nullable PeerProcess process) {
    this.process = process;
  }

  /**
   * Starts the process, if a python is given.
   *
   * @param idlesQuietly whether torch's idle threads sleep at once
   */
  static PythonPeers start(@Nullable Path python, boolean idlesQuietly) throws IOException {
    if (python == null) {
      return new PythonPeers(null);
    }
    Path script = Files.createTempFile("glissade-bench", ".py");
    script.toFile().deleteOnExit();
    try (InputStream source = PythonPeers.class.getResourceAsStream("peers.py")) {
      if (source == null) {
        throw new IllegalStateException("peers.py is missing");
      }
      Files.write(script, source.readAllBytes());
    }
    return new PythonPeers(
        PeerProcess.start(
            "python", idlesQuietly, 0, List.of(python.toString(), script.toString())));
  }

  /** Returns the libraries that this python has. */
  List<Peer> peers() {
    return process == null ? List.of() : process.peers();
  }

  /** Returns epochs of training in torch; null without a python that has it. */
  @Nullable Subject training(int hidden) {
    return process == null
        ? null
        : process.made(
            Map.of(
                "do", "train",
                "features", EpochBenchmark.FEATURES,
                "hidden", hidden,
                "classes", EpochBenchmark.CLASSES,
                "examples", EpochBenchmark.EXAMPLES,
                "batch", EpochBenchmark.BATCH));
  }

  /**
   * Minimizes a logistic regression by SciPy's L-BFGS; returns the time, the evaluations and the
   * loss, or nothing without a python that has SciPy.
   */
  Map<String, Object> minimized(int rows, int columns, double l2, double bound) {
    Map<String, Object> minimized = new LinkedHashMap<>();
    if (process != null) {
      process
          .ask(Map.of("do", "minimize", "rows", rows, "columns", columns, "l2", l2, "bound", bound))
          .forEach((name, value) -> minimized.put(name, Objects.requireNonNull(value)));
    }
    return minimized;
  }

  @Override
  public void close() {
    if (process != null) {
      process.close();
    }
  }
}
