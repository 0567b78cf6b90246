package dev.glissade.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.Applied;
import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.RandomKey;
import dev.glissade.Scalar;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.contrib.AllOptimizers;
import dev.glissade.records.Records;
import dev.glissade.testing.OfAll;
import dev.glissade.testing.Problem;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** For every optimizer: n steps, a file, n steps more are 2 n steps, to the bit. */
class ResumptionTest {
  private static final int STEPS = 6;

  @TempDir Path folder;

  static Stream<Arguments> allTypes() {
    return OfAll.withTypes(AllOptimizers.plain().keySet());
  }

  /** Without the large leaf: other tests save such, and resume with it in memory. */
  private static Tree params(DType dtype) {
    return small(Problem.params(dtype));
  }

  private static Tree gradients(GradientTransformation<?> optimizer, DType dtype, int step) {
    return small(Problem.gradients(optimizer, dtype, step));
  }

  private static Tree small(Tree tree) {
    return tree.select(path -> !path.equals("big")).evaluate();
  }

  /** The bits of all numbers of a value by path. */
  static Map<String, Object> bits(Object value) {
    Map<String, Object> bits = new LinkedHashMap<>();
    Records.walk(
        value,
        (path, leaf) -> {
          if (leaf instanceof Tree tree) {
            bits.put(path, "tree");
            tree.toMap().forEach((p, tensor) -> bits.put(path + ":" + p, bits(tensor)));
          } else if (leaf instanceof Scalar scalar) {
            bits.put(path, Double.doubleToRawLongBits(scalar.value()));
          } else {
            bits.put(path, leaf instanceof RandomKey key ? key.bits() : leaf);
          }
        });
    return bits;
  }

  private static Object bits(Tensor tensor) {
    double[] numbers = tensor.real().toDoubles();
    long[] bits = new long[numbers.length];
    Arrays.setAll(bits, i -> Double.doubleToRawLongBits(numbers[i]));
    Object imaginary = tensor.dtype().isComplex() ? bits(tensor.imaginary()) : "none";
    return List.of(tensor.dtype(), LongBuffer.wrap(bits), imaginary);
  }

  @ParameterizedTest
  @MethodSource("allTypes")
  void inPlace(String name, DType dtype) throws Exception {
    resumeInPlace(AllOptimizers.given(name), AllOptimizers.given(name), dtype);
  }

  private <S> void resumeInPlace(
      GradientTransformation<S> optimizer, GradientTransformation<?> again, DType dtype)
      throws Exception {
    Stepper<S> expected = Stepper.of(optimizer, params(dtype));
    steps(expected, optimizer, dtype, 0, 2 * STEPS);

    Stepper<S> first = Stepper.of(optimizer, params(dtype));
    steps(first, optimizer, dtype, 0, STEPS);
    Path file = folder.resolve("checkpoint.safetensors");
    Checkpoint.of(first).step(STEPS).save(file);
    Map<String, Object> saved = bits(first.state());

    Checkpoint checkpoint = Checkpoint.load(file);
    Stepper<?> second = checkpoint.stepper(again);
    assertThat(checkpoint.step()).isEqualTo(STEPS);
    assertThat(bits(second.state())).isEqualTo(saved);
    assertThat(bits(second.params())).isEqualTo(bits(first.params()));
    steps(second, again, dtype, STEPS, 2 * STEPS);
    assertThat(bits(second.params())).isEqualTo(bits(expected.params()));
    assertThat(bits(second.state())).isEqualTo(bits(expected.state()));
  }

  private static void steps(
      Stepper<?> stepper, GradientTransformation<?> optimizer, DType dtype, int from, int to) {
    for (int i = from; i < to; i++) {
      stepper.step(gradients(optimizer, dtype, i));
    }
  }

  @ParameterizedTest
  @MethodSource("allTypes")
  void functional(String name, DType dtype) throws Exception {
    resumeFunctional(AllOptimizers.given(name), dtype);
  }

  private <S> void resumeFunctional(GradientTransformation<S> optimizer, DType dtype)
      throws Exception {
    Tree params = params(dtype);
    Applied<S> start = new Applied<>(params, optimizer.init(params));
    Applied<S> expected = applied(start, optimizer, dtype, 0, 2 * STEPS);

    Applied<S> half = applied(start, optimizer, dtype, 0, STEPS);
    Path file = folder.resolve("checkpoint.safetensors");
    Checkpoint.of(half.params(), optimizer, half.state()).save(file);
    Checkpoint checkpoint = Checkpoint.load(file);
    Applied<S> loaded = new Applied<>(checkpoint.params(), checkpoint.state(optimizer));
    Applied<S> resumed = applied(loaded, optimizer, dtype, STEPS, 2 * STEPS);
    assertThat(bits(resumed)).isEqualTo(bits(expected));
  }

  private static <S> Applied<S> applied(
      Applied<S> start, GradientTransformation<S> optimizer, DType dtype, int from, int to) {
    Applied<S> now = start;
    for (int i = from; i < to; i++) {
      Tree gradients = gradients(optimizer, dtype, i);
      now = optimizer.apply(gradients, now.state(), now.params());
    }
    return now;
  }
}
