package dev.glissade.arena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.checkpoint.Safetensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InspectCommandTest {
  @TempDir private Path folder;

  private static JsonNode json(Path file) throws IOException {
    ProgramRun run = ProgramRun.run("inspect", "--json", file.toString());
    assertThat(run.code()).as(run.err()).isZero();
    return new ObjectMapper().readTree(run.out());
  }

  private Path checkpoint(String optimizer) {
    Path kept = folder.resolve(optimizer.replaceAll("\\W", ""));
    ProgramRun run =
        ProgramRun.run("train", "--optimizer=" + optimizer, "--epochs=1", "--checkpoint=" + kept);
    assertThat(run.code()).as(run.err()).isZero();
    return kept.resolve("checkpoint-000000000034.safetensors");
  }

  @Test
  void listsACheckpoint() throws IOException {
    Path file = checkpoint("prodigy");
    JsonNode facts = json(file);
    assertThat(facts.at("/optimizer/name").asText()).isEqualTo("prodigy");
    assertThat(facts.at("/step").asInt()).isEqualTo(34);
    assertThat(facts.at("/estim_lr").asDouble()).isGreaterThan(1e-6);
    assertThat(facts.at("/sum_of_s").isNull()).isTrue();
    assertThat(facts.at("/checksum").asBoolean()).isTrue();
    assertThat(facts.at("/metadata/model").asText()).isEqualTo("MLP 64-64-10");
    assertThat(facts.at("/tensors").findValuesAsText("name"))
        .contains("params/dense0/kernel", "state/expAvg/dense0/kernel", "state/estimLr");
    ProgramRun text = ProgramRun.run("inspect", file.toString());
    assertThat(text.out())
        .contains("step: 34", "learned step size d: ", "checksum: right")
        .containsPattern(
            "params/dense0/kernel +F32 +\\[64, 64] +-0\\.\\d+ +0\\.\\d+ +\\d+\\.\\d+ +0");
  }

  @Test
  void sumsMechanicsScales() throws IOException {
    JsonNode facts = json(checkpoint("mechanize(sgd)"));
    assertThat(facts.at("/sum_of_s").asDouble()).isGreaterThan(1e-6);
    assertThat(facts.at("/estim_lr").isNull()).isTrue();
  }

  @Test
  void countsWhatIsNotFinite() throws IOException {
    Path file = folder.resolve("a.safetensors");
    float[] numbers = {3, Float.NaN, -4, Float.POSITIVE_INFINITY};
    Tree tree =
        Tree.of(
            Map.of(
                "w",
                Tensor.of(numbers, 2, 2),
                "big",
                Tensor.of(new double[] {3e300, -4e300}),
                "none",
                Tensor.of(new float[0], 0, 3),
                "z",
                Tensor.complex(new float[] {0}, new float[] {-2}, 1)));
    Safetensors.write(file, tree, Map.of("by", "somebody\u001b[31m"));
    JsonNode facts = json(file);
    for (JsonNode tensor : facts.at("/tensors")) {
      switch (tensor.at("/name").asText()) {
        case "w" -> {
          assertThat(tensor.at("/non_finite").asInt()).isEqualTo(2);
          assertThat(tensor.at("/min").asDouble()).isEqualTo(-4);
          assertThat(tensor.at("/max").asDouble()).isEqualTo(3);
          assertThat(tensor.at("/norm").asDouble()).isCloseTo(5, offset(1e-12));
        }
        case "big" -> assertThat(tensor.at("/norm").asDouble() / 1e300).isCloseTo(5, offset(1e-12));
        case "none" -> assertThat(tensor.at("/norm").isNull()).isTrue();
        default -> {
          assertThat(tensor.at("/dtype").asText()).isEqualTo("C64");
          assertThat(tensor.at("/norm").asDouble()).isEqualTo(2);
        }
      }
    }
    assertThat(ProgramRun.run("inspect", file.toString()).out())
        .contains("by: somebody?[31m")
        .doesNotContain("\u001b");
  }

  /** A file with one tensor of bytes. */
  private Path raw(String dtype, String shape, int... bytes) throws IOException {
    String header =
        "{\"t\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[0,%d]}}"
            .formatted(dtype, shape, bytes.length);
    ByteBuffer file =
        ByteBuffer.allocate(Long.BYTES + header.length() + bytes.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length())
            .put(header.getBytes(StandardCharsets.US_ASCII));
    for (int b : bytes) {
      file.put((byte) b);
    }
    return Files.write(folder.resolve("raw.safetensors"), file.array());
  }

  /** The least and the largest finite number, and how many are not finite. */
  @ParameterizedTest
  @CsvSource({
    "F8_E4M3, -448, 448, 2",
    "F8_E4M3FNUZ, -240, 240, 1",
    "F8_E5M2, -57344, 57344, 8",
    "F8_E5M2FNUZ, -57344, 57344, 1",
    "F8_E8M0, 5.877471754111438e-39, 1.7014118346046923e38, 1",
    "I8, -128, 127, 0",
    "U8, 0, 255, 0",
    "BOOL, 0, 255, 0",
  })
  void countsInTypesOfEightBits(String dtype, double min, double max, int nonFinite)
      throws IOException {
    Path file = raw(dtype, "[256]", IntStream.range(0, 256).toArray());
    JsonNode tensor = json(file).at("/tensors/0");
    assertThat(tensor.at("/min").asDouble()).isEqualTo(min);
    assertThat(tensor.at("/max").asDouble()).isEqualTo(max);
    assertThat(tensor.at("/non_finite").isInt()).isTrue();
    assertThat(tensor.at("/non_finite").asInt()).isEqualTo(nonFinite);
    assertThat(ProgramRun.run("inspect", file.toString()).out().lines().toList().get(2))
        .matches("t +" + dtype + " +\\[256] +\\S+ +\\S+ +\\S+ +" + nonFinite);
  }

  @Test
  void saysWhatItCannotRead() throws IOException {
    Path file = raw("F6_E3M2", "[4]", 1, 2, 3);
    JsonNode tensor = json(file).at("/tensors/0");
    for (String name : List.of("min", "max", "norm", "non_finite")) {
      assertThat(tensor.has(name)).isTrue();
      assertThat(tensor.get(name).isNull()).as(name).isTrue();
    }
    assertThat(ProgramRun.run("inspect", file.toString()).out())
        .containsPattern("t +F6_E3M2 +\\[4] +- +- +- +-\n");
  }

  /** A complex number is one number, whichever of its parts are not finite. */
  @Test
  void readsBothPartsOfComplexNumbers() throws IOException {
    Path file = folder.resolve("a.safetensors");
    double nan = Double.NaN;
    Tensor z = Tensor.complex(new double[] {1, nan, 2, nan}, new double[] {-7, nan, nan, 3}, 4);
    float[] real = {1, Float.NaN, 0};
    Tensor c = Tensor.complex(real, new float[] {5, Float.NaN, Float.POSITIVE_INFINITY}, 3);
    Safetensors.write(file, Tree.of("c", c, "z", z), Map.of());
    for (JsonNode tensor : json(file).at("/tensors")) {
      boolean wide = tensor.at("/name").asText().equals("z");
      assertThat(tensor.at("/min").asDouble()).isEqualTo(wide ? -7 : 0);
      assertThat(tensor.at("/max").asDouble()).isEqualTo(wide ? 3 : 5);
      assertThat(tensor.at("/non_finite").asInt()).isEqualTo(wide ? 3 : 2);
    }
  }

  @Test
  void otherFilesAreRefused() throws IOException {
    Path file = folder.resolve("a.safetensors");
    Files.write(file, new byte[] {1, 2, 3});
    ProgramRun run = ProgramRun.run("inspect", file.toString());
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).startsWith("glissade: " + file + ": ");
    assertThat(ProgramRun.run("inspect", folder.resolve("b").toString()).err())
        .contains("there is no such file");
  }
}
