package dev.glissade.arena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.glissade.contrib.Page;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipes of docs/use-a-model.md read models and predict what the program predicts. */
class RecipesTest {
  private static final Page PAGE = Page.of("docs/use-a-model.md");
  private static final int COLUMNS = 13;

  /** Where the page's program looks for the model: in the working directory. */
  private static final Path MODEL = Path.of("wine.safetensors");

  @TempDir Path folder;

  private Path table;

  /** A table like that of the page: 13 numbers and a class of three. */
  @BeforeEach
  void trains() throws IOException {
    Random random = new Random(5);
    List<String> lines = new ArrayList<>();
    StringBuilder head = new StringBuilder();
    for (int j = 0; j < COLUMNS; j++) {
      // Names that some readers change.
      head.append("mean c/").append(j).append(',');
    }
    lines.add(head + "target");
    for (int i = 0; i < 150; i++) {
      StringBuilder line = new StringBuilder();
      for (int j = 0; j < COLUMNS; j++) {
        // The last column is constant.
        boolean constant = j == COLUMNS - 1;
        line.append(constant ? 7 : 100 * j + (i % 3) * (j % 2 + 1) + random.nextGaussian())
            .append(',');
      }
      lines.add(line + List.of("red", "white", "rose").get(i % 3));
    }
    table = Files.write(folder.resolve("wine.csv"), lines);
    ProgramRun run = ProgramRun.run("train", "--data=" + table, "--epochs=5", "--out=" + MODEL);
    assertThat(run.code()).as(run.err()).isZero();
  }

  @AfterEach
  void leavesNothing() throws IOException {
    Files.deleteIfExists(MODEL);
  }

  @Test
  void inJava() throws Exception {
    assertThat(PAGE.run(folder)).containsPattern("float32\\[1, ?3]");
  }

  @Test
  void inPython() throws Exception {
    List<String> printed = python();
    assertThat(printed).containsExactlyElementsOf(predicted()).contains("red", "white");
  }

  @Test
  void inPythonWithWordsAndNumbersToPredict() throws Exception {
    Random random = new Random(6);
    List<String> lines = new ArrayList<>(List.of("size,color,price"));
    for (int i = 0; i < 150; i++) {
      double size = random.nextGaussian();
      String color = List.of("red", "white", "rose").get(i % 3);
      lines.add("%s,%s,%s".formatted(size, color, 1000 + 20 * size + 7 * (i % 3)));
    }
    table = Files.write(folder.resolve("prices.csv"), lines);
    ProgramRun run =
        ProgramRun.run(
            "train",
            "--data=" + table,
            "--task=regression",
            "--bounds=size=-1:1",
            "--epochs=5",
            "--out=" + MODEL);
    assertThat(run.code()).as(run.err()).isZero();
    List<String> printed = python();
    List<String> expected = predicted();
    assertThat(printed).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(Double.parseDouble(printed.get(i)))
          .isCloseTo(Double.parseDouble(expected.get(i)), within(1e-3));
    }
  }

  private List<String> python() throws Exception {
    assumeTrue(exit("-c", "import numpy, safetensors") == 0, "a python with both libraries");
    Path script = folder.resolve("recipe.py");
    Files.writeString(script, PAGE.blocks("python").get(0));
    Process python =
        new ProcessBuilder("python3", "" + script, "" + MODEL, "" + table)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String printed = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(python.waitFor()).isZero();
    return printed.lines().toList();
  }

  private List<String> predicted() {
    return ProgramRun.run("predict", "" + MODEL, "" + table)
        .out()
        .lines()
        .skip(1)
        .map(line -> line.split(",")[0])
        .toList();
  }

  private static int exit(String... arguments) throws InterruptedException {
    List<String> command = new ArrayList<>(List.of("python3"));
    command.addAll(List.of(arguments));
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      // There is no python3.
      return -1;
    }
  }
}
