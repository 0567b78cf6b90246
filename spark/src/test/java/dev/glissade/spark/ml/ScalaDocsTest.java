package dev.glissade.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.contrib.Page;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.tools.nsc.Main;

/** The Scala of docs/spark-ml.md compiles, runs and prints what is said there. */
class ScalaDocsTest {
  @TempDir Path folder;

  /** Returns the program and what it prints. */
  private static MatchResult block() {
    return Pattern.compile("```scala\n(.*?)```\n\nIt prints\n\n```text\n(.*?)```", Pattern.DOTALL)
        .matcher(Page.of("docs/spark-ml.md").text())
        .results()
        .findFirst()
        .orElseThrow();
  }

  @Test
  @Tag("slow")
  void theCodeRuns() throws Exception {
    MlSession.assumeRuns();
    MatchResult block = block();
    Path source = folder.resolve("Block.scala");
    Files.writeString(
        source,
        "object Block { def main(args: Array[String]): Unit = {\n" + block.group(1) + "\n}}\n");
    compile(source);
    assertThat(printed()).isEqualTo(block.group(2));
  }

  private void compile(Path source) {
    Main.process(
        new String[] {
          "-classpath",
          System.getProperty("java.class.path"),
          "-d",
          folder.toString(),
          "-deprecation",
          "-Werror",
          source.toString()
        });
    assertThat(Main.reporter().hasErrors()).as("errors of the Scala compiler").isFalse();
  }

  private String printed() throws Exception {
    PrintStream before = System.out;
    Thread thread = Thread.currentThread();
    ClassLoader classes = thread.getContextClassLoader();
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      thread.setContextClassLoader(loader); // by which Spark finds a program's classes
      Class<?> main = loader.loadClass("Block");
      PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
      System.setOut(out);
      // Scala's Console keeps the stream that was there when it was first used.
      scala.Console.withOut(out, () -> run(main));
    } finally {
      System.setOut(before);
      thread.setContextClassLoader(classes);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  private static Object run(Class<?> main) {
    try {
      return main.getMethod("main", String[].class).invoke(null, (Object) new String[0]);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
