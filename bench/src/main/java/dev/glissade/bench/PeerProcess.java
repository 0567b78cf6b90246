package dev.glissade.bench;

import dev.glissade.checkpoint.json.Json;
import dev.glissade.records.Records;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Other libraries in a process that answers each line of JSON with another. The process times the
 * steps itself, so that communication does not count.
 */
final class PeerProcess implements AutoCloseable {
  private final String name;
  private final long warmNanos;
  private final Process process;
  private final BufferedReader answers;
  private final PrintWriter questions;

  private PeerProcess(String name, Process process, long warmNanos) {
    this.name = name;
    this.warmNanos = warmNanos;
    this.process = process;
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.questions = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
  }

  /**
   * Starts a process, whose errors go where ours go.
   *
   * @param name the name for messages
   * @param idlesQuietly whether the idle threads of OpenMP sleep at once, so that they don't slow
   *     down the other subjects between steps; by default they spin for some milliseconds, which
   *     makes the next operation faster
   * @param warmNanos how long a subject's steps run until their code is compiled
   */
  static PeerProcess start(String name, boolean idlesQuietly, long warmNanos, List<String> command)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    if (idlesQuietly) {
      builder.environment().put("OMP_WAIT_POLICY", "PASSIVE");
    }
    return new PeerProcess(name, builder.start(), warmNanos);
  }

  /** Returns the libraries that the process has. */
  List<Peer> peers() {
    List<Peer> peers = new ArrayList<>();
    Object libraries = ask(Map.of("do", "list")).get("libraries");
    Records.children(libraries).values().forEach(each -> peers.add(peer(String.valueOf(each))));
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
        return made(
            Map.of(
                "do", "make",
                "library", library,
                "optimizer", optimizer,
                "shape", Arrays.stream(shape).boxed().toList(),
                "threads", threads));
      }
    };
  }

  /** Returns the subject that a question asks for; null if the process has none. */
  @Nullable Subject made(Map<String, Object> question) {
    return ask(question).get("id") instanceof Integer id ? new Remote(id) : null;
  }

  Map<String, @Nullable Object> ask(Map<String, Object> question) {
    try {
      questions.println(Json.STRICT.write(question));
      String answer = answers.readLine();
      if (answer == null) {
        throw new IllegalStateException(name + " ended; its message is above");
      }
      return Records.children(Json.STRICT.read("the answer of " + name, answer));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private final class Remote implements Subject {
    private final int id;

    /** How long it has run. */
    private long nanos;

    Remote(int id) {
      this.id = id;
    }

    @Override
    public boolean isWarm() {
      return nanos >= warmNanos;
    }

    @Override
    public void run(int steps) {
      time(steps);
    }

    @Override
    public long time(int steps) {
      Object taken = ask(Map.of("do", "run", "id", id, "steps", steps)).get("nanos");
      long time = ((Number) Objects.requireNonNull(taken)).longValue();
      nanos += time;
      return time;
    }

    @Override
    public void close() {
      ask(Map.of("do", "drop", "id", id));
    }
  }

  @Override
  public void close() {
    process.destroy();
  }
}
