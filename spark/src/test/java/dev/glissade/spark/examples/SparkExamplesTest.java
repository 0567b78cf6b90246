package dev.glissade.spark.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * TrainOnShards runs with the settings that {@code spark-submit} would give. The tests of
 * spark-assembly submit both examples to executor processes.
 */
class SparkExamplesTest {
  private static final int LAST_JAVA = 23;

  private static final Map<String, String> SETTINGS =
      Map.of(
          "spark.master", "local[2]",
          "spark.ui.enabled", "false",
          "spark.driver.host", "127.0.0.1",
          "spark.driver.bindAddress", "127.0.0.1",
          "spark.sql.shuffle.partitions", "2");

  @TempDir Path folder;

  /** What an example does. */
  private interface Program {
    void main(String[] args);
  }

  @BeforeEach
  void set() {
    boolean old = org.apache.spark.package$.MODULE$.SPARK_VERSION().startsWith("3.");
    assumeThat(Runtime.version().feature() <= LAST_JAVA || !old)
        .as("Spark 3.5 runs on this Java: its Hadoop needs Subject.getSubject")
        .isTrue();
    SETTINGS.forEach(System::setProperty);
  }

  @AfterEach
  void clear() {
    SETTINGS.keySet().forEach(System::clearProperty);
  }

  private static List<String> printed(Program program, String... args) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream before = System.out;
    Locale locale = Locale.getDefault();
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    Locale.setDefault(Locale.ROOT);
    try {
      program.main(args);
    } finally {
      System.setOut(before);
      Locale.setDefault(locale);
    }
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private static double number(String start, String line) {
    assertThat(line).startsWith(start);
    return Double.parseDouble(line.substring(start.length()));
  }

  @Test
  void aTrainingOnShardsLearnsAndContinues() throws Exception {
    String uri = folder.toUri().toString();
    List<String> lines = printed(TrainOnShards::main, uri);
    assertThat(lines).hasSize(5);
    assertThat(lines.get(3)).startsWith("step 200: ");
    double last = number("loss: ", lines.get(4).replaceFirst(", was .*", ""));
    assertThat(last)
        .isLessThan(0.2 * number("loss: ", lines.get(4).replaceFirst("[\\d.]*, was ", "")));
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .contains("step-000000000150.safetensors", "step-000000000200.safetensors");
    }
    // All steps are in the checkpoint, so none is taken again.
    assertThat(printed(TrainOnShards::main, uri)).containsExactly(lines.get(4));
  }
}
