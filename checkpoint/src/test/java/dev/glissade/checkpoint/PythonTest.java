package dev.glissade.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.DType;
import dev.glissade.RandomKey;
import dev.glissade.Scalar;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.checkpoint.json.Json;
import dev.glissade.contrib.AllOptimizers;
import dev.glissade.records.Records;
import dev.glissade.testing.Problem;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files of the Python package are read to the bit; files for it are left in target/conformance, for
 * conformance/check_safetensors.py.
 */
class PythonTest {
  private static final Path RECORDED = Path.of("../conformance/safetensors");
  private static final Path WRITTEN = Path.of("target/conformance");

  /** A line of the table beside a file. */
  private static String line(String name, String dtype, List<Integer> shape, String hex) {
    String lengths = shape.stream().map(String::valueOf).collect(Collectors.joining(" "));
    return String.join("\t", Json.STRICT.write(name), dtype, lengths, hex);
  }

  private static String line(String name, Tensor tensor) {
    List<Integer> shape = Arrays.stream(tensor.shape()).boxed().toList();
    return line(name, tensor.dtype().toString(), shape, hex(tensor));
  }

  /** The bytes, little-endian, by code of its own. */
  private static String hex(Tensor tensor) {
    boolean complex = tensor.dtype().isComplex();
    ByteBuffer out = ByteBuffer.allocate(16 * tensor.size()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < tensor.size(); i++) {
      put(out, tensor.real().array(), i);
      if (complex) {
        put(out, tensor.imaginary().array(), i);
      }
    }
    return HexFormat.of().formatHex(out.array(), 0, out.position());
  }

  private static void put(ByteBuffer out, Object array, int i) {
    if (array instanceof float[] floats) {
      out.putInt(Float.floatToRawIntBits(floats[i]));
    } else if (array instanceof double[] doubles) {
      out.putLong(Double.doubleToRawLongBits(doubles[i]));
    } else {
      out.putShort(((short[]) array)[i]);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"numpy", "torch"})
  void filesOfPythonAreReadToTheBit(String name) throws Exception {
    List<String> expected = new ArrayList<>();
    for (String line : Files.readAllLines(RECORDED.resolve(name + ".tsv"))) {
      String[] parts = line.split("\t", -1);
      parts[0] = Json.STRICT.write(Json.STRICT.parse(parts[0]));
      expected.add(String.join("\t", parts));
    }
    try (Safetensors file = Safetensors.open(RECORDED.resolve(name + ".safetensors"))) {
      List<String> read = new ArrayList<>();
      file.tree().toMap().forEach((path, tensor) -> read.add(line(path, tensor)));
      assertThat(read).hasSizeGreaterThan(19).containsExactlyInAnyOrderElementsOf(expected);
      List<String> oneByOne = new ArrayList<>();
      for (TensorInfo info : file.tensors()) {
        oneByOne.add(line(info.name(), file.tensor(info.name())));
      }
      assertThat(oneByOne).containsExactlyInAnyOrderElementsOf(expected);
      assertThat(file.hasChecksum()).isFalse();
      assertThat(file.metadata()).containsEntry("format", name.equals("torch") ? "pt" : "np");
    }
  }

  private static Tree tree(List<DType> dtypes) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (DType dtype : dtypes) {
      for (int[] shape : new int[][] {{}, {0, 4}, {13}, {3, 5}}) {
        tensors.put(dtype + "/" + Arrays.toString(shape), ValuesTest.tensor(dtype, shape));
      }
      tensors.put(dtype + " \"b\"\n/ä😀\u0000", ValuesTest.tensor(dtype, 2));
    }
    return Tree.of(tensors);
  }

  private static void leave(String name, List<String> lines) throws Exception {
    Files.write(WRITTEN.resolve(name + ".tsv"), lines);
  }

  @Test
  void filesAreLeftForPython() throws Exception {
    Files.createDirectories(WRITTEN);
    List<DType> all = List.of(DType.values());
    List<DType> ofNumpy = all.stream().filter(dtype -> dtype != DType.BFLOAT16).toList();
    for (List<DType> dtypes : List.of(all, ofNumpy)) {
      String name = dtypes == all ? "all" : "numpy";
      Tree tree = tree(dtypes);
      Safetensors.write(
          WRITTEN.resolve(name + ".safetensors"), tree, Map.of("note", "from Java ä"));
      List<String> lines = new ArrayList<>();
      tree.toMap().forEach((path, tensor) -> lines.add(line(path, tensor)));
      leave(name, lines);
    }
    assertThat(WRITTEN.resolve("all.safetensors")).isNotEmptyFile();
  }

  record Progress(int epoch, long examples, boolean done, double loss, RandomKey key) {}

  @Test
  void aCheckpointIsLeftForPython() throws Exception {
    Files.createDirectories(WRITTEN);
    leaveCheckpoint(AllOptimizers.optimizer("mechanize"));
    assertThat(Checkpoint.load(WRITTEN.resolve("checkpoint.safetensors")).step()).isEqualTo(1);
  }

  private static <S> void leaveCheckpoint(dev.glissade.GradientTransformation<S> optimizer)
      throws Exception {
    Stepper<S> stepper = Stepper.of(optimizer, Problem.params(DType.FLOAT32));
    stepper.step(Problem.gradients(optimizer, DType.FLOAT32, 0));
    Progress run = new Progress(-3, 1L << 40, true, Double.NaN, RandomKey.of(5));
    Checkpoint.of(stepper).step(1).with("run", run).save(WRITTEN.resolve("checkpoint.safetensors"));
    List<String> lines = new ArrayList<>();
    stepper.params().toMap().forEach((path, t) -> lines.add(line("params/" + path, t)));
    Records.walk(
        stepper.liveState(),
        (path, leaf) -> {
          if (leaf instanceof Tree tree) {
            tree.toMap().forEach((p, t) -> lines.add(line("state/" + path + "/" + p, t)));
          } else if (leaf instanceof Scalar scalar) {
            lines.add(line("state/" + path, Tensor.scalar(scalar.value())));
          }
        });
    lines.add(line("run/epoch", "int32", List.of(), "fdffffff"));
    lines.add(line("run/examples", "int64", List.of(), "0000000000010000"));
    lines.add(line("run/done", "bool", List.of(), "01"));
    lines.add(line("run/loss", Tensor.scalar(Double.NaN)));
    lines.add(line("run/key", "uint32", List.of(2), "0000000005000000"));
    leave("checkpoint", lines);
  }
}
