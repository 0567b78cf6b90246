package dev.glissade.arena;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The zip file runs without Maven, from any folder and through a link. */
@DisabledOnOs(OS.WINDOWS)
class DistributionIT {
  @TempDir private Path folder;

  private Path root = Path.of("");

  @BeforeEach
  void unpack() throws IOException {
    Path zip = Path.of(System.getProperty("glissade.distribution"));
    try (InputStream in = Files.newInputStream(zip);
        ZipInputStream entries = new ZipInputStream(in)) {
      for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
        Path file = folder.resolve("a folder").resolve(entry.getName()).normalize();
        assertThat(file.startsWith(folder)).as(entry.getName()).isTrue();
        if (!entry.isDirectory()) {
          Files.createDirectories(file.getParent());
          Files.copy(entries, file);
        }
      }
    }
    root = folder.resolve("a folder").resolve(zip.getFileName().toString().replace(".zip", ""));
    assertThat(root.resolve("bin/glissade").toFile().setExecutable(true)).isTrue();
  }

  private String run(Path program, String... arguments) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of(program.toString()));
    words.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.directory(folder.toFile());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  @Test
  void runs() throws IOException, InterruptedException {
    Path link = Files.createSymbolicLink(folder.resolve("g"), root.resolve("bin/glissade"));
    assertThat(run(link, "--version")).matches("glissade \\d\\S+\\R");
    String output =
        run(link, "compare", "--optimizers=prodigy", "--epochs=1", "--seeds=1", "--report=r");
    assertThat(output).contains("prodigy", "report: r/index.html").doesNotContain("WARN");
    assertThat(folder.resolve("r/index.html")).exists();
  }

  @Test
  void holdsAllThatItNeeds() {
    assertThat(root.resolve("LICENSE")).exists();
    assertThat(root.resolve("bin/glissade.bat"))
        .content()
        .contains("\r\n")
        .contains("%~dp0..\\lib");
  }
}
