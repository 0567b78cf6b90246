package dev.glissade.spark.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The one jar has all that an application needs besides Spark, and nothing that Spark has. */
class AssemblyIT {
  /** Spark 3.5 brings a Hadoop that asks for the Subject that JDK 24 no longer has. */
  private static final int LAST_JAVA = 23;

  /** Two executors, which are processes of their own. */
  private static final String CLUSTER = "local-cluster[2,1,1024]";

  private static final long MOST_BYTES = 4_000_000;

  @TempDir Path folder;

  private static Path jar() {
    return Path.of(System.getProperty("assembly.jar"));
  }

  private static List<String> names() throws IOException {
    try (JarFile jar = new JarFile(jar().toFile())) {
      return jar.stream().filter(entry -> !entry.isDirectory()).map(JarEntry::getName).toList();
    }
  }

  private static String text(String name) throws IOException {
    try (JarFile jar = new JarFile(jar().toFile())) {
      return new String(
          jar.getInputStream(jar.getJarEntry(name)).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void hasNoClassUnderAnotherName() throws IOException {
    assertThat(names())
        .filteredOn(name -> name.endsWith(".class"))
        .hasSizeGreaterThan(700)
        .allMatch(name -> name.startsWith("dev/glissade/"))
        .contains(
            "dev/glissade/spark/SparkTraining.class",
            "dev/glissade/spark/ml/GlissadeClassifier.class",
            "dev/glissade/shaded/jackson/core/JsonFactory.class",
            "dev/glissade/shaded/asm/ClassWriter.class",
            "dev/glissade/shaded/numbers/gamma/Gamma.class");
    assertThat(Files.size(jar())).isLessThan(MOST_BYTES);
    assertThat(
            Files.readString(Path.of(System.getProperty("spark.jars"))).split(File.pathSeparator))
        .hasSizeGreaterThan(100)
        .noneMatch(path -> path.contains("glissade") || path.contains("asm-9"));
  }

  @Test
  void keepsServicesAndLicenses() throws IOException {
    assertThat(text("META-INF/services/dev.glissade.catalog.CatalogProvider").strip())
        .isEqualTo("dev.glissade.contrib.ContribEntries");
    assertThat(text("META-INF/services/dev.glissade.shaded.jackson.core.JsonFactory").strip())
        .isEqualTo("dev.glissade.shaded.jackson.core.JsonFactory");
    assertThat(text("META-INF/LICENSE")).contains("Apache License", "Boost Software License");
    assertThat(text("META-INF/LICENSE-asm")).contains("INRIA", "binary form must reproduce");
    assertThat(text("META-INF/NOTICE")).contains("Jackson", "Apache Commons Numbers");
    assertThat(names()).contains("META-INF/FastDoubleParser-LICENSE", "META-INF/Schubfach-LICENSE");
  }

  @Test
  void trainsOnExecutorsThatHaveNothingElse() throws Exception {
    assumeThat(Runtime.version().feature()).as("Spark 3.5 runs").isLessThanOrEqualTo(LAST_JAVA);
    List<String> printed = new SubmittedApplication(folder).run(CLUSTER, "FromLogisticRegression");
    assertThat(printed).hasSize(3);
    assertThat(printed.get(0)).startsWith("LogisticRegression: ");
    double logistic = accuracy(printed.get(0));
    assertThat(logistic).isBetween(0.7, 0.95);
    assertThat(printed.get(1)).startsWith("GlissadeClassifier: ");
    assertThat(accuracy(printed.get(1))).isBetween(logistic - 0.02, 0.95);
    assertThat(printed.get(2)).startsWith("with 16 hidden units: ");
    assertThat(accuracy(printed.get(2))).isGreaterThan(0.97);
  }

  private static double accuracy(String line) {
    return Double.parseDouble(line.substring(line.indexOf(": ") + 2));
  }

  @Test
  @Tag("slow")
  void savesCheckpoints() throws Exception {
    assumeThat(Runtime.version().feature()).as("Spark 3.5 runs").isLessThanOrEqualTo(LAST_JAVA);
    Path run = folder.resolve("run");
    List<String> printed =
        new SubmittedApplication(folder).run(CLUSTER, "TrainOnShards", run.toUri().toString());
    assertThat(printed).hasSize(5);
    assertThat(printed.get(4)).startsWith("loss: ");
    assertThat(run.resolve("step-000000000200.safetensors")).exists();
  }
}
