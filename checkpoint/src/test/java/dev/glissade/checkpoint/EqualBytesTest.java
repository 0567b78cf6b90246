package dev.glissade.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.combine.PathLabels;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Equal runs write equal bytes, in processes that order a {@code Map.of} by other lots. */
class EqualBytesTest {
  private static final int PROCESSES = 4;

  @TempDir Path folder;

  enum Mood {
    GOOD,
    BAD
  }

  record Progress(Map<String, Double> losses, Mood mood, String text, List<Mood> moods) {}

  private static Map<String, Double> losses() {
    return Map.of("a", 1.0, "b", 2.0, "c", 3.0, "d", 4.0, "e", 5.0, "f", 6.0, "g", 7.0);
  }

  /** What a run writes. */
  static void write(Path folder) throws IOException {
    Tree params = Tree.of("a/w", Tensor.of(new float[] {1, 2}), "b", Tensor.scalar(3.0));
    Map<String, GradientTransformation<?>> parts =
        Map.of(
            "one", Optimizers.adam(0.1),
            "two", Optimizers.sgd(0.2),
            "three", Optimizers.adamw(0.3),
            "four", Transforms.namedChain(Map.of("x", Optimizers.sgd(1), "y", Optimizers.adam(1))));
    save(
        Transforms.partition(
            parts, new PathLabels(Map.of("a/*", "one", "b", "two", "c", "three", "d", "four"))),
        params,
        folder.resolve("partition"));
    save(Transforms.chain(Optimizers.adam(count -> 0.1)), params, folder.resolve("code"));
    Safetensors.write(
        folder.resolve("tree"), params, Map.of("k1", "1", "k2", "2", "k3", "3", "k4", "4"));
  }

  private static <S> void save(GradientTransformation<S> optimizer, Tree params, Path file)
      throws IOException {
    Stepper<S> stepper = Stepper.of(optimizer, params);
    stepper.step(params);
    Checkpoint.of(stepper)
        .step(1)
        .with("run", new Progress(losses(), Mood.GOOD, "x", List.of(Mood.BAD)))
        .with("more", Map.of("z", 1, "y", Map.of("p", 1L, "q", 2L, "r", 3L), "x", "text"))
        .metadata("b", "1")
        .metadata("a", "2")
        .save(file);
  }

  @Test
  void inOtherProcesses() throws Exception {
    for (int p = 0; p < PROCESSES; p++) {
      Path own = Files.createDirectory(folder.resolve("" + p));
      assertThat(Child.process("equal", own.toString()).inheritIO().start().waitFor()).isZero();
    }
    try (Stream<Path> listed = Files.list(folder.resolve("0"))) {
      List<Path> files = listed.toList();
      assertThat(files).isNotEmpty();
      for (Path file : files) {
        for (int p = 1; p < PROCESSES; p++) {
          Path other = folder.resolve("" + p).resolve(file.getFileName());
          assertThat(other).hasSameBinaryContentAs(file);
        }
      }
    }
  }

  /** A map that is read with a template has the template's order. */
  @Test
  void theOrderOfATemplateIsKept() throws Exception {
    Map<String, Integer> map = new LinkedHashMap<>();
    map.put("z", 1);
    map.put("a", 2);
    map.put("m", 3);
    Path file = folder.resolve("file");
    Checkpoint.of(Tree.of("x", Tensor.scalar(1f))).with("map", map).save(file);
    assertThat(Checkpoint.load(file).get("map", map).keySet()).containsExactly("z", "a", "m");
    Map<String, Object> nothing = new LinkedHashMap<>();
    map.keySet().forEach(key -> nothing.put(key, null));
    assertThat(Checkpoint.load(file).get("map", nothing)).isEqualTo(map);
  }
}
