package dev.glissade.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.Tensor;
import dev.glissade.Tree;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of a file, and what a wrong checksum keeps back. */
class SafetensorsTest {
  private static final String WRONG =
      ": the checksum is wrong: the file has changed since it was written";

  @TempDir Path folder;

  private interface Reading {
    void read(Safetensors file) throws CheckpointException;
  }

  /** Each way to a number, and each byte of the data; of the header in CorruptFilesTest. */
  @Test
  void noNumberOfADamagedFileIsHandedOut() throws Exception {
    Path file = folder.resolve("file");
    Tree tree = Tree.of("a", Tensor.of(new float[] {1, 2}), "b", Tensor.scalar(3.0));
    Safetensors.write(file, tree, Map.of());
    byte[] sound = Files.readAllBytes(file);
    List<Reading> ways =
        List.of(
            opened -> opened.tensor("a"),
            opened -> opened.tensor("b"),
            opened -> opened.numbers("a", x -> {}),
            Safetensors::tree,
            Safetensors::contents,
            Safetensors::verify);
    for (int i = sound.length - 16; i < sound.length; i++) {
      byte[] damaged = sound.clone();
      damaged[i] ^= 4;
      Files.write(file, damaged);
      for (Reading way : ways) {
        try (Safetensors opened = Safetensors.open(file)) {
          for (int again = 0; again < 2; again++) {
            assertThatThrownBy(() -> way.read(opened))
                .isInstanceOf(CheckpointException.class)
                .hasMessage(file + WRONG);
          }
        }
      }
    }
    Files.write(file, sound);
    try (Safetensors opened = Safetensors.open(file)) {
      assertThat(opened.tensor("a").toFloats()).containsExactly(1, 2);
      assertThat(opened.tensor("b").get(0)).isEqualTo(3);
    }
  }

  /** A checksum that stands elsewhere than among the notes is none. */
  @Test
  void aNoteOfAChecksumMustBeRight() throws Exception {
    String digits = "0".repeat(64);
    for (String header :
        List.of(
            "{\"__metadata__\":{\"glissade.sha256\":\"%s\"}%s}",
            "{\"__metadata__\":{\"glissade.sha256\": \"%s\"}%s}",
            "{\"__metadata__\":{\"glissade.sha256\":\"%.3s\"}%s}")) {
      String a = ",\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}";
      Path file = folder.resolve("file");
      Files.write(file, Raw.bytes(header.formatted(digits, a), 4));
      try (Safetensors opened = Safetensors.open(file)) {
        assertThatThrownBy(() -> opened.tensor("a")).hasMessage(file + WRONG);
      }
    }
  }

  /** As the format's first reader does. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"__metadata__\":null,%s}",
        "{%s,\"__metadata__\":null}",
        "{%s,\"__metadata__\":{}}",
        "{%s}  \n\t ",
      })
  void headersThatOthersTake(String header) throws Exception {
    for (String more :
        List.of(
            "",
            ",\"more\":1",
            ",\"more\":null",
            ",\"more\":{\"dtype\":\"F64\",\"shape\":[[1],{\"x\":[]}]},\"other\":[[]]",
            ",\"glissade.sha256\":\"" + "0".repeat(64) + "\"",
            ",\"\":\"text\"")) {
      String tensor =
          "\"a\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[0,4]%s}".formatted(more);
      Path file = folder.resolve("file");
      Files.write(file, Raw.bytes(header.formatted(tensor), 4));
      try (Safetensors opened = Safetensors.open(file)) {
        assertThat(opened.metadata()).isEmpty();
        assertThat(opened.tensor("a").shape()).containsExactly(1, 1);
        assertThat(opened.tree().paths()).containsExactly("a");
      }
    }
  }

  /** Sizes that only a length of 0 keeps small: listed, but no array is of such a shape. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "[4611686018427387904,0]",
        "[4294967296,2147483648,0]",
        "[9223372036854775807,2,0]",
        "[1073741824,4,0]",
        "[0,9223372036854775807,9223372036854775807]"
      })
  void emptyTensorsMayHaveLongAxes(String shape) throws Exception {
    Path file = folder.resolve("file");
    String header = "{\"a\":{\"dtype\":\"F64\",\"shape\":%s,\"data_offsets\":[0,0]}}";
    Files.write(file, Raw.bytes(header.formatted(shape), 0));
    try (Safetensors opened = Safetensors.open(file)) {
      assertThat(opened.tensors()).hasSize(1);
      opened.numbers("a", x -> assertThat(x).isNull());
      assertThatThrownBy(() -> opened.tensor("a"))
          .isInstanceOf(CheckpointException.class)
          .hasMessageEndingWith("must fit in an array, but does not");
      assertThatThrownBy(opened::tree).hasMessageEndingWith("must fit in an array, but does not");
    }
  }

  private List<Double> numbers(StoredType type, byte[] bytes, String shape) throws Exception {
    Path file = folder.resolve("file");
    String header =
        "{\"a\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[0,%d]}}"
            .formatted(type, shape, bytes.length);
    byte[] head = Raw.bytes(header, 0);
    byte[] all = Arrays.copyOf(head, head.length + bytes.length);
    System.arraycopy(bytes, 0, all, head.length, bytes.length);
    Files.write(file, all);
    List<Double> numbers = new ArrayList<>();
    try (Safetensors opened = Safetensors.open(file)) {
      opened.numbers("a", numbers::add);
    }
    return numbers;
  }

  /** Each code of the small types, against what the Python package ml_dtypes says of it. */
  @Test
  void smallTypesAreReadAsPythonReadsThem() throws Exception {
    for (String line : Files.readAllLines(Path.of("../conformance/safetensors/small.tsv"))) {
      List<String> parts = List.of(line.split("\t"));
      StoredType type = StoredType.valueOf(parts.get(0));
      List<Double> expected = parts.subList(1, parts.size()).stream().map(Double::valueOf).toList();
      byte[] codes = new byte[type == StoredType.F4 ? 8 : 256];
      for (int i = 0; i < codes.length; i++) {
        codes[i] = (byte) (type == StoredType.F4 ? 2 * i | (2 * i + 1) << 4 : i);
      }
      assertThat(numbers(type, codes, "[" + expected.size() + "]"))
          .as(type.name())
          .isEqualTo(expected);
    }
  }

  @Test
  void allFloat16NumbersAreReadAsTensorsHaveThem() throws Exception {
    ByteBuffer bytes = ByteBuffer.allocate(1 << 17).order(ByteOrder.LITTLE_ENDIAN);
    short[] bits = new short[1 << 16];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = (short) i;
      bytes.putShort((short) i);
    }
    List<Double> float16 = numbers(StoredType.F16, bytes.array(), "[65536]");
    assertThat(float16)
        .isEqualTo(Arrays.stream(Tensor.ofFloat16(bits, 65536).toDoubles()).boxed().toList());
    List<Double> bfloat16 = numbers(StoredType.BF16, bytes.array(), "[65536]");
    assertThat(bfloat16)
        .isEqualTo(Arrays.stream(Tensor.ofBFloat16(bits, 65536).toDoubles()).boxed().toList());
  }

  @Test
  void integersAndComplexNumbersAreRead() throws Exception {
    byte[] ones = new byte[8];
    Arrays.fill(ones, (byte) -1);
    assertThat(numbers(StoredType.U64, ones, "[1]")).containsExactly(0x1p64);
    assertThat(numbers(StoredType.I64, ones, "[]")).containsExactly(-1.0);
    assertThat(numbers(StoredType.U32, ones, "[2]")).containsExactly(0x1p32 - 1, 0x1p32 - 1);
    assertThat(numbers(StoredType.I32, ones, "[1,2]")).containsExactly(-1.0, -1.0);
    assertThat(numbers(StoredType.U16, ones, "[4]")).containsOnly(65535.0).hasSize(4);
    assertThat(numbers(StoredType.I16, ones, "[4]")).containsOnly(-1.0).hasSize(4);
    assertThat(numbers(StoredType.U8, ones, "[8]")).containsOnly(255.0).hasSize(8);
    assertThat(numbers(StoredType.I8, ones, "[8]")).containsOnly(-1.0).hasSize(8);
    byte[] large = {1, 0, 0, 0, 0, 8, 0, (byte) 0x80}; // 2^63 + 2^43 + 1
    assertThat(numbers(StoredType.U64, large, "[1]")).containsExactly(0x1p63 + 0x1p43);
    ByteBuffer complex = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    complex.putFloat(1).putFloat(-2);
    assertThat(numbers(StoredType.C64, complex.array(), "[1]")).containsExactly(1.0, -2.0);
    assertThatThrownBy(() -> numbers(StoredType.F6_E2M3, new byte[3], "[4]"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageEndingWith("tensor \"a\" must be of a readable type, but was F6_E2M3");
  }
}
