package dev.glissade.checkpoint;

import static dev.glissade.checkpoint.Raw.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What breaks a rule of the format is refused with a sentence that says what and where. */
class CorruptFilesTest {
  private static final String A = tensor("a", "F32", "[2]", "[0,8]");

  @TempDir Path folder;

  private Path file(byte[] bytes) throws Exception {
    return Files.write(folder.resolve("x.safetensors"), bytes);
  }

  static Stream<Arguments> headers() {
    return Stream.of(
        Arguments.of("", 0, "the header must begin with \"{\", but did not"),
        Arguments.of(" {}", 0, "the header must begin with \"{\", but did not"),
        Arguments.of("[]", 0, "the header must begin with \"{\", but did not"),
        Arguments.of(
            "{} x",
            0,
            "the header is not JSON at character 4: Unrecognized token 'x': was expecting (JSON"
                + " String, Number, Array, Object or token 'null', 'true' or 'false')"),
        Arguments.of(
            "{}{}", 0, "the header is not JSON at character 4: nothing may follow the value"),
        Arguments.of(
            "{" + A,
            8,
            "the header is not JSON at character 54: Unexpected end-of-input: expected close marker"
                + " for Object"),
        Arguments.of("{" + A + "}", 0, "the file must have 8 bytes of tensors, but had 0"),
        Arguments.of("{" + A + "}", 7, "the file must have 8 bytes of tensors, but had 7"),
        Arguments.of("{" + A + "}", 9, "the file must have 8 bytes of tensors, but had 9"),
        Arguments.of("{}", 1, "the file must have 0 bytes of tensors, but had 1"),
        Arguments.of(
            "{" + A + "," + A + "}",
            8,
            "the header is not JSON at character 58: Duplicate field 'a'"),
        Arguments.of(
            "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}",
            4,
            "the header is not JSON at character 28: Duplicate field 'dtype'"),
        Arguments.of(
            "{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}",
            0,
            "the header is not JSON at character 29: Duplicate field 'k'"),
        Arguments.of(
            "{\"__metadata__\":{},\"__metadata__\":{}}",
            0,
            "the header is not JSON at character 34: Duplicate field '__metadata__'"),
        Arguments.of(
            "{\"__metadata__\":{\"k\":1}}", 0, "metadata \"k\" must be a string, but was 1"),
        Arguments.of(
            "{\"__metadata__\":{\"k\":{}}}", 0, "metadata \"k\" must be a string, but was {"),
        Arguments.of("{\"__metadata__\":[]}", 0, "\"__metadata__\" must be an object, but was ["),
        Arguments.of("{\"a\":3}", 0, "tensor \"a\" must be an object, but was 3"),
        Arguments.of("{\"a\":null}", 0, "tensor \"a\" must be an object, but was null"),
        Arguments.of(
            "{\"__metadata__\":{\"k\":null}}", 0, "metadata \"k\" must be a string, but was null"),
        Arguments.of(
            "{" + tensor("a", "F33", "[2]", "[0,8]") + "}",
            8,
            "tensor \"a\": dtype must be a safetensors type, but was F33"),
        Arguments.of(
            "{\"a\":{\"dtype\":4,\"shape\":[],\"data_offsets\":[0,4]}}",
            4,
            "tensor \"a\": dtype must be a safetensors type, but was 4"),
        Arguments.of(
            "{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}",
            4,
            "tensor \"a\" must have dtype, shape and data_offsets, but had no shape"),
        Arguments.of(
            "{" + tensor("a", "F32", "{}", "[0,8]") + "}",
            8,
            "tensor \"a\": shape must be a list of integers of at least 0, but was {"),
        Arguments.of(
            "{" + tensor("a", "F32", "[-1]", "[0,8]") + "}",
            8,
            "tensor \"a\": shape must be a list of integers of at least 0, but one was -1"),
        Arguments.of(
            "{" + tensor("a", "F32", "[1.5]", "[0,8]") + "}",
            8,
            "tensor \"a\": shape must be a list of integers of at least 0 and below 2^63, but one"
                + " was 1.5"),
        Arguments.of(
            "{" + tensor("a", "F32", "[18446744073709551615]", "[0,8]") + "}",
            8,
            "tensor \"a\": shape must be a list of integers of at least 0 and below 2^63, but one"
                + " was 18446744073709551615"),
        Arguments.of(
            "{" + tensor("a", "F32", "[4294967296,4294967296]", "[0,8]") + "}",
            8,
            "tensor \"a\" must have fewer than 2^64 bits, but had shape [4294967296, 4294967296]"),
        Arguments.of(
            "{" + tensor("a", "F32", "[4294967296,4294967296,0]", "[0,0]") + "}",
            0,
            "tensor \"a\" must have fewer than 2^64 bits, but had shape [4294967296, 4294967296, 0]"),
        Arguments.of(
            "{" + tensor("a", "F32", "[3]", "[0,8]") + "}",
            8,
            "tensor \"a\" of F32[3] must have 12 bytes, but had 8"),
        Arguments.of(
            "{" + tensor("a", "F4", "[3]", "[0,2]") + "}",
            2,
            "tensor \"a\" of F4[3] must fill whole bytes, but had 12 bits"),
        Arguments.of(
            "{" + tensor("a", "F32", "[2]", "[8,0]") + "}",
            8,
            "tensor \"a\": data_offsets must be a begin offset and an end offset, but were [8, 0]"),
        Arguments.of(
            "{" + tensor("a", "F32", "[2]", "[0,4,8]") + "}",
            8,
            "tensor \"a\": data_offsets must be a begin offset and an end offset, but were"
                + " [0, 4, 8]"),
        Arguments.of(
            "{" + tensor("a", "F32", "[2]", "[4,12]") + "}",
            12,
            "tensor \"a\" must begin at byte 0, where the one before it ends, but began at 4"),
        Arguments.of(
            "{" + A + "," + tensor("b", "F32", "[2]", "[4,12]") + "}",
            12,
            "tensor \"b\" must begin at byte 8, where the one before it ends, but began at 4"),
        Arguments.of(
            "{" + A + "," + tensor("b", "F32", "[2]", "[0,8]") + "}",
            8,
            "tensor \"b\" must begin at byte 8, where the one before it ends, but began at 0"),
        Arguments.of(
            "{" + A + "," + tensor("b", "F32", "[2]", "[12,20]") + "}",
            20,
            "tensor \"b\" must begin at byte 8, where the one before it ends, but began at 12"),
        Arguments.of(
            "{\"__metadata__\":{\"glissade.complex128\":\"[\\\"a\\\"]\"}," + A + "}",
            8,
            "glissade.complex128: \"a\" must be an F64 tensor with a last axis of 2, but was not"),
        Arguments.of(
            "{\"__metadata__\":{\"glissade.complex128\":\"{}\"}}",
            0,
            "glissade.complex128 must be a list of names, but was {}"));
  }

  @ParameterizedTest
  @MethodSource("headers")
  void headersAreChecked(String header, int data, String sentence) throws Exception {
    Path file = file(Raw.bytes(header, data));
    assertThatThrownBy(() -> Safetensors.open(file).close())
        .isInstanceOf(CheckpointException.class)
        .hasMessage(file + ": " + sentence)
        .matches(e -> ((CheckpointException) e).isCorrupt());
  }

  @Test
  void lengthsAreChecked() throws Exception {
    Path none = folder.resolve("none");
    assertThatThrownBy(() -> Safetensors.open(none)).hasMessage(none + ": there is no such file");
    assertThatThrownBy(() -> Safetensors.open(folder))
        .hasMessage(folder + ": must be a regular file, but was not");
    Path file = folder.resolve("x.safetensors");
    refused(
        new byte[7],
        file + ": the file must have at least the 8 bytes of the header's length, but had 7");
    refused(
        Raw.length(-1),
        file
            + ": the header's length must be at most 100000000 bytes, but was 18446744073709551615"
            + ": is this a safetensors file?");
    refused(
        Raw.length(100_000_001),
        file
            + ": the header's length must be at most 100000000 bytes, but was 100000001"
            + ": is this a safetensors file?");
    refused(
        Raw.length(100_000_000),
        file + ": the header must fit in the file of 8 bytes, but had 100000000");
    byte[] latin = "{\"\u00e4\":1}".getBytes(StandardCharsets.ISO_8859_1);
    refused(Raw.bytes(latin, 0), file + ": the header must be UTF-8 text, but was not at byte 10");
  }

  private void refused(byte[] bytes, String message) throws Exception {
    Path file = file(bytes);
    assertThatThrownBy(() -> Safetensors.open(file)).hasMessage(message);
  }

  @Test
  void typesWithoutATensorAreListedButRefusedAsTensors() throws Exception {
    String header =
        "{%s,%s,%s}"
            .formatted(
                A, tensor("ids", "I64", "[1]", "[8,16]"), tensor("four", "F4", "[4]", "[16,18]"));
    Path file = file(Raw.bytes(header, 18));
    try (Safetensors opened = Safetensors.open(file)) {
      assertThat(opened.tensors()).extracting(TensorInfo::name).containsExactly("a", "ids", "four");
      assertThat(opened.tensors().get(1).type()).isEqualTo(StoredType.I64);
      assertThat(opened.tensor("a").size()).isEqualTo(2);
      assertThatThrownBy(() -> opened.tensor("ids"))
          .hasMessage(file + ": tensor \"ids\" must be floating-point or complex, but was I64");
      assertThatThrownBy(opened::tree)
          .hasMessage(file + ": tensor \"ids\" must be floating-point or complex, but was I64");
      assertThatThrownBy(() -> opened.tensor("b"))
          .hasMessage(file + ": must have a tensor \"b\", but had none");
    }
    assertThatThrownBy(() -> Checkpoint.load(file))
        .hasMessage(file + ": must be a checkpoint, but had no note \"glissade.format\"");
  }

  @Test
  void everySingleChangedByteIsNoticed() throws Exception {
    Path sound = folder.resolve("sound.safetensors");
    Checkpoint.of(dev.glissade.Tree.of("x", ValuesTest.tensor(dev.glissade.DType.FLOAT32, 3)))
        .with("run", 3)
        .save(sound);
    byte[] bytes = Files.readAllBytes(sound);
    for (int i = 0; i < bytes.length; i++) {
      byte[] changed = bytes.clone();
      changed[i] ^= (byte) (1 << (i % 8));
      Path file = file(changed);
      assertThatThrownBy(() -> Checkpoint.load(file))
          .as("byte %d", i)
          .isInstanceOf(CheckpointException.class);
      Path shorter = file(Arrays.copyOf(bytes, i));
      assertThatThrownBy(() -> Checkpoint.load(shorter))
          .as("%d bytes", i)
          .isInstanceOf(CheckpointException.class);
    }
  }
}
