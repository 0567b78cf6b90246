package dev.glissade.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No two classes of the library have one simple name, so that a name alone says which is meant. */
class NamesTest {
  private static final Path ROOT = Path.of("..");

  private static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path module : modules.sorted().toList()) {
        Path main = module.resolve("src/main/java");
        if (Files.isDirectory(main)) {
          sources.addAll(classes(main));
        }
      }
    }
    return sources;
  }

  private static List<Path> classes(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.toString().endsWith("-info.java"))
          .sorted()
          .toList();
    }
  }

  @Test
  void eachClassHasANameOfItsOwn() throws IOException {
    List<Path> sources = sources();
    Map<Path, Path> byName = new HashMap<>();
    List<String> problems = new ArrayList<>();
    for (Path source : sources) {
      Path other = byName.putIfAbsent(source.getFileName(), source);
      if (other != null) {
        problems.add(
            "%s and %s have one name: rename either"
                .formatted(ROOT.relativize(other), ROOT.relativize(source)));
      }
    }
    assertThat(sources).as("source files found").hasSizeGreaterThan(300);
    assertThat(problems).isEmpty();
  }
}
