package dev.glissade.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** No two classes of the library have one simple name, so that a name alone says which is meant. */
class NamesTest {
  @Test
  void eachClassHasANameOfItsOwn() throws IOException {
    List<Path> sources = Sources.classes();
    Map<Path, Path> byName = new HashMap<>();
    List<String> problems = new ArrayList<>();
    for (Path source : sources) {
      Path other = byName.putIfAbsent(source.getFileName(), source);
      if (other != null) {
        problems.add(
            "%s and %s have one name: rename either"
                .formatted(Sources.ROOT.relativize(other), Sources.ROOT.relativize(source)));
      }
    }
    assertThat(sources).as("source files found").hasSizeGreaterThan(300);
    assertThat(problems).isEmpty();
  }
}
