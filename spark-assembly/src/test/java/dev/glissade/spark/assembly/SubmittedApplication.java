package dev.glissade.spark.assembly;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * An application that {@code spark-submit} starts from Spark's jars alone; the assembly reaches
 * driver and executors as a user's jar does.
 */
final class SubmittedApplication {
  private static final String EXAMPLES = "dev/glissade/spark/examples";
  private static final String SUBMIT = "org.apache.spark.deploy.SparkSubmit";
  private static final long MINUTES = 4;

  /** What Spark's own scripts open. */
  private static final List<String> OPENED =
      List.of(
          "java.lang",
          "java.lang.invoke",
          "java.lang.reflect",
          "java.io",
          "java.net",
          "java.nio",
          "java.util",
          "java.util.concurrent",
          "java.util.concurrent.atomic",
          "jdk.internal.ref",
          "sun.nio.ch",
          "sun.nio.cs",
          "sun.security.action",
          "sun.util.calendar");

  private final Path folder;
  private final Path home;
  private final Path application;

  /** Makes a home of Spark and the application's jar in a folder. */
  SubmittedApplication(Path folder) throws IOException {
    this.folder = folder;
    this.home = folder.resolve("spark");
    this.application = folder.resolve("application.jar");
    Path jars = Files.createDirectories(home.resolve("jars"));
    for (String jar : sparkJars()) {
      Path file = Path.of(jar);
      Files.createSymbolicLink(jars.resolve(file.getFileName()), file.toAbsolutePath());
    }
    pack();
  }

  private static List<String> sparkJars() throws IOException {
    String list = Files.readString(Path.of(System.getProperty("spark.jars"))).strip();
    return List.of(list.split(File.pathSeparator));
  }

  /** Packs the examples of module spark, and nothing else. */
  private void pack() throws IOException {
    Path classes = Path.of(System.getProperty("spark.examples"));
    try (OutputStream out = Files.newOutputStream(application);
        JarOutputStream jar = new JarOutputStream(out);
        Stream<Path> files = Files.list(classes.resolve(EXAMPLES))) {
      for (Path file : files.sorted().toList()) {
        jar.putNextEntry(new JarEntry(EXAMPLES + "/" + file.getFileName()));
        Files.copy(file, jar);
      }
    }
  }

  /** Runs an example to its end and returns the lines that it prints. */
  List<String> run(String master, String example, String... args) throws Exception {
    Path log = folder.resolve(example + ".log");
    Path printed = folder.resolve(example + ".out");
    ProcessBuilder builder = new ProcessBuilder(command(master, example, args));
    builder.environment().put("SPARK_HOME", home.toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.directory(folder.toFile());
    Process process = builder.redirectError(log.toFile()).redirectOutput(printed.toFile()).start();
    try {
      boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
      if (!ended || process.exitValue() != 0) {
        throw new AssertionError(
            "the application must end with exit code 0, but %s:%n%s"
                .formatted(ended ? "did with " + process.exitValue() : "did not", tail(log)));
      }
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    return Files.readAllLines(printed);
  }

  private List<String> command(String master, String example, String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String opened : OPENED) {
      command.add("--add-opens=java.base/" + opened + "=ALL-UNNAMED");
    }
    command.addAll(List.of("-Xmx1g", "-cp", home.resolve("jars") + "/*", SUBMIT));
    command.addAll(List.of("--master", master));
    command.addAll(List.of("--class", EXAMPLES.replace('/', '.') + "." + example));
    command.addAll(List.of("--jars", System.getProperty("assembly.jar")));
    for (String setting :
        List.of(
            "spark.ui.enabled=false",
            "spark.driver.host=127.0.0.1",
            "spark.driver.bindAddress=127.0.0.1",
            "spark.executor.memory=1g",
            "spark.sql.shuffle.partitions=2")) {
      command.addAll(List.of("--conf", setting));
    }
    command.add(application.toString());
    command.addAll(List.of(args));
    return command;
  }

  private static String tail(Path log) {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
