package dev.glissade.contrib;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.glissade.DType;
import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.testing.Numbers;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Where numbers are kept, and by how many threads they are worked on, makes no difference. */
@Tag("vectors")
class StorageTest {
  static final int STEPS = 4;

  /** Steps of so many numbers are shared among threads. */
  static final int LARGE = (1 << 20) + 4097;

  private static final Map<Long, Tree> LARGE_TREES = new ConcurrentHashMap<>();
  private static final int MOST_ROUNDS = 500;
  private static final int STEPS_A_ROUND = 200;

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
    assertThat(Numbers.of(params)).isEqualTo(Numbers.of(onHeap.params()));
    assertThat(Numbers.of(outside.state())).isEqualTo(Numbers.of(onHeap.state()));
  }

  /** Drawn once, and not to be changed. */
  static Tree large(long seed) {
    return LARGE_TREES.computeIfAbsent(seed, StorageTest::drawn);
  }

  private static Tree drawn(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, Tensor> leaves = new LinkedHashMap<>();
    for (int size : new int[] {LARGE, 1, 5000, 0, 511}) {
      float[] numbers = new float[size];
      for (int i = 0; i < size; i++) {
        numbers[i] = (float) random.nextDouble() - 0.5f;
      }
      leaves.put("leaf" + size, Tensor.wrap(numbers, size));
    }
    for (int i = 0; i < 300; i++) {
      leaves.put("small" + i, Tensor.of(new float[] {i, (float) random.nextDouble(), -1}));
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

  /**
   * What steps allocate once they are warm. How many that takes depends on when the compiler, a
   * thread of its own, has its turn: they go on until they allocate nothing, and give up late.
   */
  static long leastAllocated(Stepper<?> stepper, Tree[] gradients) {
    long least = Long.MAX_VALUE;
    for (int round = 0; round < MOST_ROUNDS && least > 0; round++) {
      least = Math.min(least, allocated(stepper, gradients, STEPS_A_ROUND));
    }
    return least;
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
    for (int i = 0; i < MOST_ROUNDS && least >= size; i++) {
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
