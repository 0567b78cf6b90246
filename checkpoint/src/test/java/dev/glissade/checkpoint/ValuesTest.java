package dev.glissade.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.DType;
import dev.glissade.RandomKey;
import dev.glissade.Scalar;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of value comes back from a file as the same bits. */
class ValuesTest {
  private static final List<String> ODD =
      List.of(
          "a",
          "a/b",
          "/",
          "//x",
          "~1",
          "~",
          "ä/ß",
          "\"quoted\"",
          "new\nline",
          "\u0000",
          "日本/😀",
          " ",
          "\\",
          "__metadata__",
          "glissade.sha256",
          "\"glissade.sha256\":\"",
          "a.b",
          "\uffff");

  @TempDir Path folder;

  enum Mood {
    CALM,
    BUSY {
      @Override
      public String toString() {
        return "very busy";
      }
    }
  }

  record Numbers(
      double d,
      float f,
      long l,
      int i,
      boolean b,
      @Nullable Double boxed,
      Mood mood,
      String text) {}

  record Arrays4(double[] d, float[] f, long[] l, int[] i, byte[] b) {}

  record All(
      Tree tree,
      Tree empty,
      Scalar scalar,
      RandomKey key,
      Tensor tensor,
      Numbers numbers,
      List<Object> list,
      Map<String, Object> map,
      @Nullable Object nothing) {}

  private Checkpoint loaded(Checkpoint checkpoint) throws CheckpointException {
    Path file = folder.resolve("values.safetensors");
    checkpoint.save(file);
    return Checkpoint.load(file);
  }

  static Numbers numbers(double d) {
    return new Numbers(
        d, (float) d, Long.MIN_VALUE + 1, -7, true, null, Mood.BUSY, "a \"text\"\n\u0000 😀");
  }

  private static All all() {
    Map<String, Object> map = new LinkedHashMap<>();
    for (String key : ODD) {
      map.put(key, List.of(Scalar.of(map.size()), Map.of(), List.of(), key));
    }
    map.put("", Tree.of("x", Tensor.scalar(3.0)));
    return new All(
        Tree.of("x", Tensor.scalar(2f)),
        Tree.empty(),
        Scalar.of(0.1),
        RandomKey.of(42),
        Tensor.of(new float[] {1, 2}, 1, 2),
        numbers(0.1),
        List.of(Scalar.of(1), numbers(-0.0), Tree.empty()),
        map,
        null);
  }

  record Wild(List<? extends Numbers> numbers) {}

  @Test
  void listsOfAWildcard() throws Exception {
    Wild value = new Wild(List.of(numbers(1), numbers(2)));
    assertThat(loaded(Checkpoint.of(Tree.empty()).with("wild", value)).get("wild", Wild.class))
        .isEqualTo(value);
  }

  @Test
  void recordsListsAndMapsOfAllKinds() throws Exception {
    All value = all();
    Checkpoint checkpoint = loaded(Checkpoint.of(Tree.empty()).with("run", value));
    All back = checkpoint.get("run", value);
    assertThat(ResumptionTest.bits(back).toString())
        .isEqualTo(ResumptionTest.bits(value).toString());
    assertThat(back.numbers()).isEqualTo(value.numbers());
    assertThat(List.copyOf(back.map().keySet())).isEqualTo(List.copyOf(value.map().keySet()));
    assertThat(back.nothing()).isNull();
    Numbers alone =
        loaded(Checkpoint.of(Tree.empty()).with("n", numbers(5))).get("n", Numbers.class);
    assertThat(alone).isEqualTo(numbers(5));
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        Long.MIN_VALUE,
        1,
        0x7ff0000000000000L,
        0xfff0000000000000L,
        0x7ff8000000000000L,
        0x7ff8000000000abcL,
        0xfff8000000000001L,
        0x3fb999999999999aL
      })
  void doublesKeepTheirBits(long bits) throws Exception {
    double number = Double.longBitsToDouble(bits);
    Checkpoint checkpoint =
        loaded(
            Checkpoint.of(Tree.of("x", Tensor.scalar(number)))
                .with("scalar", Scalar.of(number))
                .with("double", number));
    assertThat(Double.doubleToRawLongBits(checkpoint.params().get("x").get(0))).isEqualTo(bits);
    assertThat(Double.doubleToRawLongBits(checkpoint.get("scalar", Scalar.of(0)).value()))
        .isEqualTo(bits);
    assertThat(Double.doubleToRawLongBits(checkpoint.get("double", 0.0))).isEqualTo(bits);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, 1, Long.MIN_VALUE, Long.MAX_VALUE, 0x00000001ffffffffL})
  void keysAndLongsKeepTheirBits(long bits) throws Exception {
    Checkpoint checkpoint =
        loaded(Checkpoint.of(Tree.empty()).with("key", RandomKey.ofBits(bits)).with("long", bits));
    assertThat(checkpoint.get("key", RandomKey.of(0)).bits()).isEqualTo(bits);
    assertThat(checkpoint.get("long", 0L)).isEqualTo(bits);
  }

  @Test
  void arraysOfNumbers() throws Exception {
    Arrays4 value =
        new Arrays4(
            new double[] {1, 2.5},
            new float[0],
            new long[] {Long.MIN_VALUE},
            new int[] {1, -1, 3},
            new byte[] {-128, 127});
    Arrays4 back = loaded(Checkpoint.of(Tree.empty()).with("run", value)).get("run", Arrays4.class);
    assertThat(back).usingRecursiveComparison().isEqualTo(value);
  }

  @ParameterizedTest
  @EnumSource
  void tensorsOfEveryType(DType dtype) throws Exception {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int[] shape : new int[][] {{}, {0, 4}, {3}, {2, 3, 2}, {70_001}, {1, 2}}) {
      tensors.put(Arrays.toString(shape), tensor(dtype, shape));
    }
    for (String path : ODD) {
      tensors.put(path, tensor(dtype, 2));
    }
    Tree tree = Tree.of(tensors);
    Checkpoint checkpoint = loaded(Checkpoint.of(tree).with("more", List.of(tree, tree)));
    assertThat(checkpoint.params().structure()).isEqualTo(tree.structure());
    assertThat(ResumptionTest.bits(checkpoint.params())).isEqualTo(ResumptionTest.bits(tree));
    assertThat(ResumptionTest.bits(checkpoint.get("more", List.of(tree, tree)).get(1)))
        .isEqualTo(ResumptionTest.bits(tree));
  }

  static Tensor tensor(DType dtype, int... shape) {
    int size = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    double[] numbers = new java.util.Random(size).doubles(2L * size, -9, 9).toArray();
    if (size > 2) {
      numbers[0] = Double.NaN;
      numbers[1] = Double.NEGATIVE_INFINITY;
      numbers[2] = -0.0;
    }
    DType part = dtype.part();
    Tensor real = Tensor.of(part, Arrays.copyOf(numbers, size), shape);
    return dtype.isComplex()
        ? Tensor.complex(real, Tensor.of(part, Arrays.copyOfRange(numbers, size, 2 * size), shape))
        : real;
  }

  @Test
  void buffersOfAnyKindAreWrittenAndRestoredInPlace() throws Exception {
    ByteBuffer big = ByteBuffer.allocateDirect(24).order(ByteOrder.BIG_ENDIAN);
    FloatBuffer part = FloatBuffer.wrap(new float[] {9, 1, 2, 9}, 1, 2);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("direct", Tensor.wrap(DType.FLOAT64, big, 3));
    tensors.put("part", Tensor.wrap(part, 2));
    tensors.put(
        "doubles", Tensor.wrap(DoubleBuffer.wrap(new double[] {5, 6}).asReadOnlyBuffer(), 2));
    tensors.put("short", Tensor.wrap(DType.BFLOAT16, ByteBuffer.allocateDirect(4), 2));
    big.putDouble(0, 1.5).putDouble(8, -2.5).putDouble(16, Double.NaN);
    Tree tree = Tree.of(tensors);
    Checkpoint checkpoint = loaded(Checkpoint.of(tree));
    assertThat(ResumptionTest.bits(checkpoint.params())).isEqualTo(ResumptionTest.bits(tree));
  }

  @Test
  void whatCanNotBeStoredIsNamed() {
    Checkpoint checkpoint = Checkpoint.of(Tree.empty());
    assertThatThrownBy(() -> checkpoint.with("run", List.of(1, Map.of("a/b", Optional.empty()))))
        .hasMessage(
            "run/1/a~1b must be made of trees, numbers, strings, records, lists and maps, but was"
                + " java.util.Optional");
    assertThatThrownBy(() -> checkpoint.with("run", Map.of(1, 2)))
        .hasMessage("each key of run must be a string, but one was 1");
    assertThatThrownBy(() -> checkpoint.with("params", 1))
        .hasMessage("name must be new in the checkpoint, but was \"params\"");
    assertThatThrownBy(() -> checkpoint.with("a/b", 1))
        .hasMessage("name must consist of letters, digits, '-' and '_', but was \"a/b\"");
    assertThatThrownBy(() -> checkpoint.metadata("glissade.x", "1"))
        .hasMessage("a note's name must not begin with \"glissade.\", but was glissade.x");
    assertThatThrownBy(() -> checkpoint.step(-1))
        .hasMessage("step must not be negative, but was -1");
    Path file = folder.resolve("x.safetensors");
    assertThatThrownBy(() -> checkpoint.metadata("a", "\ud800").save(file))
        .hasMessage("names and notes must be Unicode text");
    assertThat(file).doesNotExist();
  }

  record Lazy(@Nullable Tree cache, @Nullable Numbers inner, List<Tree> history) {}

  @Test
  void whereTheTemplateHasNullAndBehindItsListsValuesAreAsStored() throws Exception {
    Tree tree = Tree.of("x", Tensor.scalar(1f));
    Lazy stored = new Lazy(tree, numbers(1), List.of(tree, tree, tree));
    Checkpoint checkpoint = loaded(Checkpoint.of(tree).with("run", stored));
    Lazy back = checkpoint.get("run", new Lazy(null, null, List.of(tree)));
    assertThat(ResumptionTest.bits(back)).isEqualTo(ResumptionTest.bits(stored));
    assertThatThrownBy(
            () -> checkpoint.get("run", new Lazy(null, null, List.of(tree, tree, tree, tree))))
        .hasMessageEndingWith(": run/history must have at least 4 elements, but had 3");
  }

  @Test
  void factsAreKept() throws Exception {
    Checkpoint checkpoint =
        loaded(Checkpoint.of(Tree.empty()).step(Long.MAX_VALUE).metadata("data", "iris\n"));
    assertThat(checkpoint.step()).isEqualTo(Long.MAX_VALUE);
    assertThat(checkpoint.metadata()).isEqualTo(Map.of("data", "iris\n"));
    assertThat(checkpoint.names()).containsExactly("params");
    assertThat(checkpoint.optimizer()).isNull();
    assertThat(checkpoint.version()).matches("\\d+\\.\\d+\\.\\d+.*");
    Checkpoint again = loaded(checkpoint.with("x", new ArrayList<>(List.of(1L))));
    assertThat(again.step()).isEqualTo(Long.MAX_VALUE);
    assertThat(again.metadata()).isEqualTo(Map.of("data", "iris\n"));
  }
}
