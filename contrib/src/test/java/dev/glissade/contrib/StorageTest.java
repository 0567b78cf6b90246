package dev.glissade.contrib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.glissade.DType;
import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.optimizer.Optimizers;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Where numbers are kept, and by how many threads they are worked on, makes no difference. */
class StorageTest {
  private static final int STEPS = 4;
  private static final int LARGE = 1_200_001;

  static Set<String> all() {
    return AllOptimizers.plain().keySet();
  }

  static Stream<Arguments> allTypes() {
    return ContractTest.allTypes();
  }

  /** The same numbers in memory outside of the heap. */
  static Tree direct(Tree tree) {
    Map<String, Tensor> leaves = new LinkedHashMap<>();
    tree.toMap().forEach((path, tensor) -> leaves.put(path, direct(tensor)));
    return Tree.of(leaves);
  }

  private static Tensor direct(Tensor tensor) {
    if (tensor.dtype().isComplex()) {
      return Tensor.complex(direct(tensor.real()), direct(tensor.imaginary()));
    }
    ByteBuffer bytes = ByteBuffer.allocateDirect(8 * tensor.size()).order(ByteOrder.nativeOrder());
    if (tensor.array() instanceof float[] floats) {
      bytes.asFloatBuffer().put(floats);
      bytes.limit(4 * floats.length);
    } else if (tensor.array() instanceof double[] doubles) {
      bytes.asDoubleBuffer().put(doubles);
    } else if (tensor.array() instanceof short[] bits) {
      bytes.asShortBuffer().put(bits);
      bytes.limit(2 * bits.length);
    }
    return Tensor.wrap(tensor.dtype(), bytes, tensor.shape());
  }

  @ParameterizedTest
  @MethodSource("allTypes")
  void buffersAreSteppedLikeArrays(String name, DType dtype) {
    GradientTransformation<?> optimizer = AllOptimizers.optimizer(name);
    Stepper<?> onHeap = Stepper.of(optimizer, Problem.params(dtype));
    Tree params = direct(Problem.params(dtype));
    Stepper<?> outside = Stepper.borrowing(optimizer, params);
    for (int i = 0; i < STEPS; i++) {
      Tree gradients = Problem.gradients(optimizer, dtype, i);
      onHeap.step(gradients);
      outside.step(direct(gradients));
    }
    assertThat(ContractTest.numbers(params)).isEqualTo(ContractTest.numbers(onHeap.params()));
    assertThat(ContractTest.numbers(outside.state()))
        .isEqualTo(ContractTest.numbers(onHeap.state()));
  }

  @ParameterizedTest
  @MethodSource("allTypes")
  void packedLeavesAreSteppedLikeArraysOfTheirOwn(String name, DType dtype) {
    GradientTransformation<?> optimizer = AllOptimizers.optimizer(name);
    Stepper<?> own = Stepper.of(optimizer, Problem.params(dtype));
    Stepper<?> packed = Stepper.of(optimizer, Problem.params(dtype).packed());
    Tree params = Problem.params(dtype).packed();
    Stepper<?> mixed = Stepper.borrowing(optimizer, params);
    for (int i = 0; i < STEPS; i++) {
      Tree gradients = Problem.gradients(optimizer, dtype, i);
      own.step(gradients);
      packed.step(gradients.packed());
      mixed.step(i % 2 == 0 ? gradients : gradients.packed());
    }
    assertThat(ContractTest.numbers(packed.params())).isEqualTo(ContractTest.numbers(own.params()));
    assertThat(ContractTest.numbers(packed.state())).isEqualTo(ContractTest.numbers(own.state()));
    assertThat(ContractTest.numbers(params)).isEqualTo(ContractTest.numbers(own.params()));
    assertThat(ContractTest.numbers(mixed.state())).isEqualTo(ContractTest.numbers(own.state()));
  }

  @ParameterizedTest
  @MethodSource("elementwise")
  void manyPackedLeavesGiveTheSameBits(String name) {
    GradientTransformation<?> optimizer = AllOptimizers.optimizer(name);
    Stepper<?> own = Stepper.of(optimizer, large(1));
    Stepper<?> packed = Stepper.of(optimizer, large(1).packed()).threads(2);
    for (int i = 0; i < 3; i++) {
      own.step(large(2 + i));
      packed.step(large(2 + i).packed());
    }
    for (String leaf : own.params().paths()) {
      assertThat(packed.params().get(leaf).toFloats()).isEqualTo(own.params().get(leaf).toFloats());
    }
    assertThat(packed.explain()).doesNotContain("copies");
  }

  /**
   * Parameters and gradients of the caller's in two arrays, each leaf at the same place of both.
   */
  @Test
  void slicesOfTheCallersArraysAreNotCopied() {
    float[] flat = {1, 2, 3, 4, 5, 6, 7};
    float[] gradients = {0, 1, -1, 1, -1, 1, 0};
    Stepper<?> stepper = Stepper.borrowing(Optimizers.adamw(0.1), slices(flat, 1));
    Stepper<?> own = Stepper.of(Optimizers.adamw(0.1), slices(flat, 1));
    for (int i = 0; i < STEPS; i++) {
      stepper.step(slices(gradients, 1));
      own.step(slices(gradients, 1).copy());
    }
    assertThat(stepper.explain()).doesNotContain("copies");
    assertThat(flat[0]).isEqualTo(1);
    assertThat(flat[6]).isEqualTo(7);
    for (String leaf : own.params().paths()) {
      assertThat(stepper.params().get(leaf).toFloats())
          .isEqualTo(own.params().get(leaf).toFloats());
    }
    stepper.step(slices(gradients, 2));
    assertThat(stepper.explain()).contains("on copies");
    assertThat(flat[0]).isEqualTo(1);
    assertThat(flat[6]).isEqualTo(7);
  }

  /** Two leaves on the same elements are two leaves in a copy. */
  @Test
  void tiedSlicesAreApartInACopy() {
    float[] array = {1, 2, 3};
    Tree tied =
        Tree.of(
            "a",
            Tensor.wrap(FloatBuffer.wrap(array), 3),
            "b",
            Tensor.wrap(FloatBuffer.wrap(array), 3));
    Stepper<?> stepper = Stepper.of(Optimizers.sgd(1), tied);
    stepper.step(Tree.of("a", Tensor.of(new float[] {1, 1, 1}), "b", Tensor.of(new float[3])));
    assertThat(stepper.params().get("a").toFloats()).containsExactly(0, 1, 2);
    assertThat(stepper.params().get("b").toFloats()).containsExactly(1, 2, 3);
    assertThat(array).containsExactly(1, 2, 3);
  }

  @Test
  void overlappingSlicesAreRefused() {
    float[] array = new float[7];
    Tree overlapping =
        Tree.of(
            "a", Tensor.wrap(FloatBuffer.wrap(array, 0, 3), 3),
            "b", Tensor.wrap(FloatBuffer.wrap(array, 2, 3), 3));
    assertThatThrownBy(() -> Stepper.borrowing(Optimizers.sgd(1), overlapping))
        .hasMessage(
            "params must not have two leaves on the same elements of an array: \"a\" and \"b\"");
    Stepper<?> stepper = Stepper.borrowing(Optimizers.sgd(1), slices(array, 1)).zeroGradients(true);
    assertThatThrownBy(() -> stepper.step(slices(array, 1)))
        .hasMessageContaining("must be on an array of its own");
    assertThatThrownBy(() -> stepper.step(slices(array, 2)))
        .hasMessageContaining("must be on an array of its own");
    assertThat(array).containsOnly(0);
  }

  /** Gradients that overlap the parameters are copied before these change. */
  @Test
  void gradientsMayBeSlicesOfTheParametersArray() {
    float[] array = {1, 2, 3, 4, 5, 6, 7};
    Stepper<?> stepper = Stepper.borrowing(Optimizers.sgd(1), slices(array, 1));
    stepper.step(slices(array, 2));
    assertThat(array).containsExactly(1, -1, -1, -1, -1, -1, 7);
  }

  private static Tree slices(float[] array, int from) {
    return Tree.of(
        "a", Tensor.wrap(FloatBuffer.wrap(array, from, 3), 3),
        "b", Tensor.wrap(FloatBuffer.wrap(array, from + 3, 2), 2));
  }

  @Test
  void packedGradientsMayBeZeroed() {
    Tree params = large(1).packed();
    Tree gradients = large(2).packed();
    Stepper<?> stepper = Stepper.borrowing(Optimizers.adamw(1e-3), params).zeroGradients(true);
    Stepper<?> own = Stepper.of(Optimizers.adamw(1e-3), large(1));
    stepper.step(gradients);
    own.step(large(2));
    assertThat(ContractTest.numbers(params)).isEqualTo(ContractTest.numbers(own.params()));
    assertThat(gradients.get("leaf511").toFloats()).containsOnly(0);
    assertThat(gradients.get("leaf" + LARGE).toFloats()).containsOnly(0);
  }

  static Tree large(long seed) {
    Random random = new Random(seed);
    Map<String, Tensor> leaves = new LinkedHashMap<>();
    for (int size : new int[] {LARGE, 1, 5000, 0, 511}) {
      float[] numbers = new float[size];
      for (int i = 0; i < size; i++) {
        numbers[i] = random.nextFloat() - 0.5f;
      }
      leaves.put("leaf" + size, Tensor.wrap(numbers, size));
    }
    for (int i = 0; i < 300; i++) {
      leaves.put("small" + i, Tensor.of(new float[] {i, random.nextFloat(), -1}));
    }
    return Tree.of(leaves);
  }

  static Stream<String> elementwise() {
    return all().stream()
        .filter(name -> !name.startsWith("d") || name.startsWith("dadapt"))
        .filter(name -> !name.contains("noise") && !name.contains("noisy"));
  }

  @ParameterizedTest
  @MethodSource("elementwise")
  void theNumberOfThreadsMakesNoDifference(String name) {
    GradientTransformation<?> optimizer = AllOptimizers.optimizer(name);
    Tree params = large(1);
    Stepper<?> one = Stepper.of(optimizer, params).threads(1);
    Stepper<?> two = Stepper.of(optimizer, params).threads(2);
    Stepper<?> three = Stepper.of(optimizer, params).threads(3);
    for (int i = 0; i < 3; i++) {
      Tree gradients = large(2 + i);
      one.step(gradients);
      two.step(gradients);
      three.step(gradients);
    }
    for (String leaf : params.paths()) {
      float[] expected = one.params().get(leaf).toFloats();
      assertThat(two.params().get(leaf).toFloats()).isEqualTo(expected);
      assertThat(three.params().get(leaf).toFloats()).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void aStepAllocatesNothingOnceItIsWarm(String name) {
    GradientTransformation<?> optimizer = AllOptimizers.optimizer(name);
    Stepper<?> stepper = Stepper.of(optimizer, Problem.params(DType.FLOAT32));
    Tree[] gradients = new Tree[4];
    for (int i = 0; i < gradients.length; i++) {
      gradients[i] = Problem.gradients(optimizer, DType.FLOAT32, i);
    }
    assertThat(leastAllocated(stepper, gradients)).isZero();
  }

  private static long leastAllocated(Stepper<?> stepper, Tree[] gradients) {
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 6; round++) {
      least = Math.min(least, allocated(stepper, gradients, 1000));
    }
    return least;
  }

  @Test
  void aStepOfPackedLeavesAllocatesNothing() {
    Tree params = Problem.params(DType.FLOAT32).packed();
    Stepper<?> stepper = Stepper.borrowing(Optimizers.adamw(1e-3), params);
    Tree[] gradients = {params.packed(), params.packed()};
    assertThat(leastAllocated(stepper, gradients)).isZero();
  }

  @Test
  void aGradientFunctionThatIsNotCalledCostsNoCopy() {
    int size = 100_000;
    Tree params = Tree.of("w", Tensor.wrap(new float[size], size));
    Tree gradients = Tree.of("w", Tensor.wrap(new float[size], size));
    Stepper<?> stepper = Stepper.of(Optimizers.adamw(1e-3), params);
    Extras extras = Extras.NONE.withGradientFunction((at, i) -> at);
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 20; i++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      stepper.step(gradients, extras);
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(least).isLessThan(size);
  }

  private static long allocated(Stepper<?> stepper, Tree[] gradients, int steps) {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < steps; i++) {
      stepper.step(gradients[i % gradients.length]);
    }
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  private static String explained(Tree params) {
    Stepper<?> stepper = Stepper.borrowing(Optimizers.adamw(1e-3), params);
    stepper.step(Tree.of("empty", Tensor.of(new float[0]), "w", Tensor.of(new float[600])));
    return stepper.explain();
  }

  private static Tree withEmpty(Tensor w) {
    return Tree.of("empty", Tensor.of(new float[0]), "w", w);
  }

  @Test
  void theExplanationSaysWhatIsCopied() {
    assertThat(explained(withEmpty(Tensor.wrap(new float[600])))).doesNotContain("copies");
    ByteBuffer otherOrder = ByteBuffer.allocateDirect(4 * 600).order(ByteOrder.BIG_ENDIAN);
    assertThat(explained(withEmpty(Tensor.wrap(DType.FLOAT32, otherOrder, 600))))
        .contains("on copies");
    ByteBuffer direct = ByteBuffer.allocateDirect(4 * 600).order(ByteOrder.nativeOrder());
    String plan = explained(withEmpty(Tensor.wrap(DType.FLOAT32, direct, 600)));
    // An empty leaf on the heap beside it makes no difference; JDK 19 to 21 have no vectors there.
    int jdk = Runtime.version().feature();
    boolean copies = !plan.contains("by vectors") || (jdk > 18 && jdk < 22);
    assertThat(plan.contains("on copies")).as(plan).isEqualTo(copies);
  }
}
