package dev.glissade.bench;

import dev.glissade.checkpoint.json.Json;
import dev.glissade.records.Records;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The Python original and torch, in a process that answers each line of JSON with another. The
 * process times the steps itself, so that communication does not count.
 */
final class PythonPeers implements AutoCloseable {
  private final @Nullable Process process;
  private final @Nullable BufferedReader answers;
  private final @Nullable PrintWriter questions;

  private PythonPeers(
      @Nullable Process process,
      @Nullable BufferedReader answers,
      @Nullable PrintWriter questions) {
    this.process = process;
    this.answers = answers;
    this.questions = questions;
  }

  /**
   * Starts the process, if a python is given.
   *
   * @param idlesQuietly whether torch's idle threads sleep at once, so that they don't slow down
   *     the other subjects between steps; by torch's default they spin for some milliseconds, which
   *     makes the next operation faster
   */
  static PythonPeers start(@Nullable Path python, boolean idlesQuietly) throws IOException {
    if (python == null) {
      return new PythonPeers(null, null, null);
    }
    Path script = Files.createTempFile("glissade-bench", ".py");
    script.toFile().deleteOnExit();
    try (InputStream source = PythonPeers.class.getResourceAsStream("peers.py")) {
      if (source == null) {
        throw new IllegalStateException("peers.py is missing");
      }
      Files.write(script, source.readAllBytes());
    }
    ProcessBuilder builder =
        new ProcessBuilder(python.toString(), script.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    if (idlesQuietly) {
      builder.environment().put("OMP_WAIT_POLICY", "PASSIVE");
    }
    Process process = builder.start();
    return new PythonPeers(
        process,
        process.inputReader(StandardCharsets.UTF_8),
        new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true));
  }

  /** Returns the libraries that this python has. */
  List<Peer> peers() {
    List<Peer> peers = new ArrayList<>();
    if (process != null) {
      Object libraries = ask(Map.of("do", "list")).get("libraries");
      Records.children(libraries).values().forEach(name -> peers.add(peer(String.valueOf(name))));
    }
    return peers;
  }

  private Peer peer(String library) {
    return new Peer() {
      @Override
      public String name() {
        return library;
      }

      @Override
      public @Nullable Subject subject(String optimizer, int size, int threads) {
        return subject(optimizer, new int[] {size}, threads);
      }

      @Override
      public @Nullable Subject subject(String optimizer, int[] shape, int threads) {
        Map<String, @Nullable Object> made =
            ask(
                Map.of(
                    "do", "make",
                    "library", library,
                    "optimizer", optimizer,
                    "shape", Arrays.stream(shape).boxed().toList(),
                    "threads", threads));
        return made.get("id") instanceof Integer id ? new Remote(id) : null;
      }
    };
  }

  /** Returns epochs of training in torch; null without a python that has it. */
  @Nullable Subject training(int hidden) {
    if (process == null) {
      return null;
    }
    Map<String, @Nullable Object> made =
        ask(
            Map.of(
                "do", "train",
                "features", EpochBenchmark.FEATURES,
                "hidden", hidden,
                "classes", EpochBenchmark.CLASSES,
                "examples", EpochBenchmark.EXAMPLES,
                "batch", EpochBenchmark.BATCH));
    return made.get("id") instanceof Integer id ? new Remote(id) : null;
  }

  /**
   * Minimizes a logistic regression by SciPy's L-BFGS; returns the time, the evaluations and the
   * loss, or nothing without a python that has SciPy.
   */
  Map<String, Object> minimized(int rows, int columns, double l2, double bound) {
    Map<String, Object> minimized = new LinkedHashMap<>();
    if (process != null) {
      ask(Map.of("do", "minimize", "rows", rows, "columns", columns, "l2", l2, "bound", bound))
          .forEach((name, value) -> minimized.put(name, Objects.requireNonNull(value)));
    }
    return minimized;
  }

  private Map<String, @Nullable Object> ask(Map<String, Object> question) {
    if (questions == null || answers == null) {
      throw new IllegalStateException("no python is running");
    }
    try {
      questions.println(Json.STRICT.write(question));
      String answer = answers.readLine();
      if (answer == null) {
        throw new IllegalStateException("python ended; its message is above");
      }
      return Records.children(Json.STRICT.read("python's answer", answer));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private final class Remote implements Subject {
    private final int id;

    Remote(int id) {
      this.id = id;
    }

    @Override
    public void run(int steps) {
      time(steps);
    }

    @Override
    public long time(int steps) {
      Object nanos = ask(Map.of("do", "run", "id", id, "steps", steps)).get("nanos");
      return ((Number) Objects.requireNonNull(nanos)).longValue();
    }

    @Override
    public void close() {
      ask(Map.of("do", "drop", "id", id));
    }
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroy();
    }
  }
}
