package dev.glissade.host.bench;

import dev.glissade.GradientTransformation;
import dev.glissade.checkpoint.json.Json;
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.records.Records;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Times steps in a process of its own, since the native code of several frameworks does not fit
 * into one: reads questions of the benchmark, a line of JSON each, and answers each with a line.
 */
public final class StepServer {

  /** Steps that are timed. */
  public interface Steps extends AutoCloseable {
    /** Takes steps; returns their time in nanoseconds, without that of new gradients. */
    long time(int steps);

    @Override
    void close();
  }

  /** What steps one parameter. */
  @FunctionalInterface
  public interface Library {
    /** Returns steps on this number of float32 elements; null without this optimizer. */
    @Nullable Steps steps(String optimizer, int size, int threads);
  }

  private final Map<String, Library> libraries;
  private final Map<Integer, Steps> made = new HashMap<>();
  private int count;

  private StepServer(Map<String, Library> libraries) {
    this.libraries = libraries;
  }

  /**
   * Answers until the questions end.
   *
   * @param libraries by the name in the table
   */
  public static void serve(Map<String, Library> libraries) throws IOException {
    PrintStream answers = System.out;
    System.setOut(System.err); // what a library prints
    BufferedReader questions =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    StepServer server = new StepServer(libraries);
    for (String line = questions.readLine(); line != null; line = questions.readLine()) {
      Map<String, @Nullable Object> question =
          Records.children(Json.STRICT.read("the question", line));
      answers.println(Json.STRICT.write(server.answer(question)));
      answers.flush();
    }
  }

  private Map<String, Object> answer(Map<String, @Nullable Object> question) {
    switch (String.valueOf(question.get("do"))) {
      case "list" -> {
        return Map.of("libraries", new ArrayList<>(libraries.keySet()));
      }
      case "make" -> {
        return make(question);
      }
      case "run" -> {
        Steps steps = Objects.requireNonNull(made.get(number(question.get("id"))));
        return Map.of("nanos", steps.time(number(question.get("steps"))));
      }
      default -> {
        Objects.requireNonNull(made.remove(number(question.get("id")))).close();
        return Map.of();
      }
    }
  }

  private Map<String, Object> make(Map<String, @Nullable Object> question) {
    Library library = Objects.requireNonNull(libraries.get(question.get("library")));
    List<?> shape = (List<?>) Objects.requireNonNull(question.get("shape"));
    Steps steps =
        shape.size() == 1
            ? library.steps(
                String.valueOf(question.get("optimizer")),
                number(shape.get(0)),
                number(question.get("threads")))
            : null;
    if (steps == null) {
      return Map.of("made", false);
    }
    made.put(++count, steps);
    return Map.of("made", true, "id", count);
  }

  private static int number(@Nullable Object value) {
    return ((Number) Objects.requireNonNull(value)).intValue();
  }

  /** Returns our optimizer of a name in the table, with learning rate 1e-3; null for others. */
  public static @Nullable GradientTransformation<?> optimizer(String name) {
    return switch (name) {
      case "sgd" -> Optimizers.sgd(1e-3);
      case "adam" -> Optimizers.adam(1e-3);
      case "adamw" -> Optimizers.adamw(1e-3);
      case "prodigy" -> Contrib.prodigy();
      default -> null;
    };
  }

  /** Returns random numbers in [-.1, .1), equal for equal seeds. */
  public static float[] random(int size, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] numbers = new float[size];
    for (int i = 0; i < size; i++) {
      numbers[i] = (float) random.nextDouble(-0.1, 0.1);
    }
    return numbers;
  }

  /** Times each step after new gradients have been written, untimed; releases memory at the end. */
  public static Steps fresh(Runnable gradients, Runnable step, Runnable release) {
    return new Steps() {
      @Override
      public long time(int steps) {
        long nanos = 0;
        for (int i = 0; i < steps; i++) {
          gradients.run();
          long start = System.nanoTime();
          step.run();
          nanos += System.nanoTime() - start;
        }
        return nanos;
      }

      @Override
      public void close() {
        release.run();
      }
    };
  }
}
