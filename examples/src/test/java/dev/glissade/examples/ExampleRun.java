package dev.glissade.examples;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;

/**
 * One run of an example.
 *
 * @param printed what it printed
 * @param picture the SVG that it drew; empty if it draws none
 */
record ExampleRun(String printed, String picture) {
  private static final Map<Class<?>, ExampleRun> RUNS = new HashMap<>();

  /** Finds every class of the package that has a main method. */
  static List<Class<?>> examples() throws Exception {
    Path classes =
        Path.of(FlatVector.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .resolve("dev/glissade/examples");
    List<Class<?>> examples = new ArrayList<>();
    try (Stream<Path> files = Files.list(classes)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".class") && !name.equals("package-info.class")) {
          Class<?> type =
              Class.forName("dev.glissade.examples." + name.substring(0, name.length() - 6));
          if (Arrays.stream(type.getDeclaredMethods()).anyMatch(m -> m.getName().equals("main"))) {
            examples.add(type);
          }
        }
      }
    }
    return examples;
  }

  /** Runs an example, if no other test has. */
  static synchronized ExampleRun of(Class<?> example) throws Exception {
    ExampleRun run = RUNS.get(example);
    if (run == null) {
      run = run(example);
      RUNS.put(example, run);
    }
    return run;
  }

  private static ExampleRun run(Class<?> example) throws Exception {
    Path file = Files.createTempDirectory("gallery").resolve("picture.svg");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream before = System.out;
    Locale locale = Locale.getDefault();
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    Locale.setDefault(Locale.ROOT);
    try {
      String[] arguments = {file.toString()};
      // Three seconds on a machine that does nothing else.
      Assertions.assertTimeout(
          Duration.ofSeconds(30),
          () -> example.getMethod("main", String[].class).invoke(null, (Object) arguments));
      String picture = Files.exists(file) ? Files.readString(file) : "";
      return new ExampleRun(lines(bytes.toString(StandardCharsets.UTF_8)), lines(picture));
    } finally {
      System.setOut(before);
      Locale.setDefault(locale);
      Files.deleteIfExists(file);
      Files.delete(file.getParent());
    }
  }

  private static String lines(String text) {
    return text.replace("\r\n", "\n");
  }
}
