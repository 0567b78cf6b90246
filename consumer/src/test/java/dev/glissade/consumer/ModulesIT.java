package dev.glissade.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The program runs on the module path and as an image of its own, from the jars. */
class ModulesIT {
  private static final String VECTORS = "jdk.incubator.vector";
  private static final Path JAR = Path.of(System.getProperty("consumer.jar"));
  private static final Path MODULES = Path.of(System.getProperty("consumer.modules"));
  private static final String PATH = JAR + System.getProperty("path.separator") + MODULES;

  private static final List<String> PRINTED =
      List.of(
          "adamw: same true, nearer true",
          "prodigy: same true, nearer true",
          "exported state: same true, nearer true",
          "opened state: same true, nearer true",
          "injected: same true, nearer true",
          "by name: same true, nearer true",
          "record dev.glissade.consumer.closed.Counted$Count can't be read by reflection: add \"opens"
              + " dev.glissade.consumer.closed to dev.glissade.core;\" to module-info of module"
              + " dev.glissade.consumer");

  @TempDir static Path images;
  @TempDir Path folder;

  private static Path image;

  @BeforeAll
  static void link() {
    image = images.resolve("image");
    tool(
        "jlink",
        "--module-path",
        PATH,
        "--add-modules",
        "dev.glissade.consumer," + VECTORS,
        "--output",
        image.toString());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void runsOnTheModulePath(boolean vectors) throws Exception {
    run(Path.of(System.getProperty("java.home")), vectors, "--module-path", PATH);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void runsAsAnImage(boolean vectors) throws Exception {
    run(image, vectors);
  }

  @Test
  void noModuleIsAutomatic() throws Exception {
    String listed = listing("--module-path", MODULES.toString());
    assertThat(listed).contains("dev.glissade.core@", "dev.glissade.privacy@");
    assertThat(listed).doesNotContain("automatic");
  }

  @Test
  void theModuleOfTheGuideCompiles() throws Exception {
    Matcher block =
        Pattern.compile("```java\n(module .*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("../docs/getting-started.md")));
    assertThat(block.find()).isTrue();
    Path info = Files.writeString(folder.resolve("module-info.java"), block.group(1));
    Path state = Files.createDirectories(folder.resolve("com/acme/app")).resolve("Velocity.java");
    Files.writeString(state, "package com.acme.app; record Velocity(dev.glissade.Tree v) {}");
    tool("javac", "-Xlint:all", "-Werror", "-p", PATH, info.toString(), state.toString());
  }

  private static void tool(String name, String... arguments) {
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said);
    int status = ToolProvider.findFirst(name).orElseThrow().run(out, out, arguments);
    assertThat(status).as("%s", said).isZero();
  }

  private String listing(String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of(options));
    command.add("--list-modules");
    return String.join("\n", java(Path.of(System.getProperty("java.home")), command));
  }

  private void run(Path home, boolean vectors, String... options) throws Exception {
    Path loaded = folder.resolve("loaded");
    List<String> command = new ArrayList<>(List.of(options));
    if (vectors) {
      command.addAll(List.of("--add-modules", VECTORS));
    }
    command.add("-Xlog:class+load:file=" + loaded);
    command.addAll(List.of("-m", "dev.glissade.consumer/dev.glissade.consumer.Main"));
    command.add(folder.toString());
    List<String> lines = java(home, command);
    assertThat(lines).containsSubsequence(PRINTED);
    assertThat(lines.get(lines.size() - 1)).matches("epsilon \\d+\\.\\d+");
    try (Stream<String> classes = Files.lines(loaded)) {
      assertThat(classes.anyMatch(line -> line.contains("dev.glissade.fuse.kernel.VectorKernel ")))
          .as("loops by vectors")
          .isEqualTo(vectors);
    }
  }

  private List<String> java(Path home, List<String> options)
      throws IOException, InterruptedException {
    Path printed = folder.resolve("printed");
    List<String> command = new ArrayList<>();
    command.add(home.resolve("bin/java").toString());
    command.addAll(options);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(printed.toFile())
            .start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    List<String> lines = Files.readAllLines(printed);
    assertThat(process.exitValue()).as("%s", lines).isZero();
    return lines;
  }
}
