package dev.glissade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import com.sun.management.ThreadMXBean;
import dev.glissade.optimizer.Optimizers;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Trees and steps as the engine evaluates them. */
@Tag("vectors")
class TreeEngineTest {
  private static final int SIZE = 40_000;

  static LongStream seeds() {
    return LongStream.range(0, 60);
  }

  /** Two leaves, one longer than a range. */
  private static Tree random(Random random, DType dtype) {
    double[] few = random.doubles(3, -2, 2).toArray();
    double[] many = random.doubles(SIZE, -2, 2).toArray();
    return Tree.of("few", Tensor.of(dtype, few, 3), "many", Tensor.of(dtype, many, SIZE));
  }

  /** A tree and the same numbers, rounded as the tree's are. */
  private record Both(Tree tree, double[] numbers) {}

  private static double[] numbers(Tree tree) {
    double[] few = tree.get("few").toDoubles();
    double[] many = tree.get("many").toDoubles();
    double[] all = new double[few.length + many.length];
    System.arraycopy(few, 0, all, 0, few.length);
    System.arraycopy(many, 0, all, few.length, many.length);
    return all;
  }

  private static Both combined(Random random, List<Both> made, boolean single) {
    Both a = made.get(random.nextInt(made.size()));
    Both b = made.get(random.nextInt(made.size()));
    double scalar = single ? (float) random.nextDouble() : random.nextDouble();
    int operation = random.nextInt(8);
    Tree tree =
        switch (operation) {
          case 0 -> a.tree().plus(b.tree());
          case 1 -> a.tree().minus(b.tree());
          case 2 -> a.tree().times(b.tree());
          case 3 -> a.tree().dividedBy(b.tree());
          case 4 -> a.tree().max(b.tree());
          case 5 -> a.tree().abs().sqrt();
          case 6 -> a.tree().sign();
          default -> a.tree().times(scalar);
        };
    double[] result = new double[a.numbers().length];
    for (int i = 0; i < result.length; i++) {
      double x = a.numbers()[i];
      double y = b.numbers()[i];
      double value =
          switch (operation) {
            case 0 -> x + y;
            case 1 -> x - y;
            case 2 -> x * y;
            case 3 -> x / y;
            case 4 -> Math.max(x, y);
            case 5 -> Math.sqrt(Math.abs(x));
            case 6 -> Math.signum(x);
            default -> x * scalar;
          };
      result[i] = single ? (float) value : value;
    }
    return new Both(tree, result);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void expressionsAreWhatTheySay(long seed) {
    Random random = new Random(seed);
    boolean single = random.nextBoolean();
    DType dtype = single ? DType.FLOAT32 : DType.FLOAT64;
    List<Both> made = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Tree tree = random(random, dtype);
      made.add(new Both(tree, numbers(tree)));
    }
    for (int i = 0; i < 25; i++) {
      made.add(combined(random, made, single));
    }
    Both last = made.get(made.size() - 1);
    assertThat(numbers(last.tree().evaluate())).isEqualTo(last.numbers());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void reductionsAddUpEverything(long seed) {
    Random random = new Random(seed);
    Tree a = random(random, DType.FLOAT32);
    Tree b = random(random, DType.FLOAT32);
    double[] x = numbers(a);
    double[] y = numbers(b);
    double dot = 0;
    double absolute = 0;
    double largest = 0;
    for (int i = 0; i < x.length; i++) {
      dot += x[i] * y[i];
      absolute += Math.abs(x[i]);
      largest = Math.max(largest, Math.abs(x[i]));
    }
    assertThat(value(a.dot(b))).isCloseTo(dot, offset(1e-3));
    assertThat(value(a.norm1())).isCloseTo(absolute, offset(absolute * 1e-6));
    assertThat(value(a.maxAbs())).isEqualTo(largest);
    assertThat(value(a.norm())).isCloseTo(Math.sqrt(value(a.dot(a))), offset(1e-9));
  }

  private static double value(Scalar scalar) {
    return Deferred.evaluated(scalar).value();
  }

  @Test
  void normsOfFloatsNeitherOverflowNorVanish() {
    for (float size : new float[] {1e30f, 1e-30f, 3e38f, 1e-44f}) {
      float[] numbers = new float[SIZE];
      Arrays.fill(numbers, size);
      double norm = value(Tree.of("w", Tensor.of(numbers)).norm());
      assertThat(norm / (Math.sqrt(SIZE) * size)).isCloseTo(1, offset(1e-6));
    }
  }

  @Test
  void aChoiceThatDependsOnAReductionTakesOneBranchAndComputesNoOther() {
    List<String> called = new ArrayList<>();
    Tree x = Tree.of("w", Tensor.of(new double[] {3, 4}));
    Tree large = called(x, "large", called);
    Tree small = called(x.times(2), "small", called);
    Scalar isLarge = x.norm().greaterThan(4);
    Tree chosen = isLarge.choose(large, small);
    Tree nested = chosen.norm().lessThan(1).choose(small, chosen.plus(1)).evaluate();
    assertThat(nested.get("w").toDoubles()).containsExactly(4, 5);
    assertThat(called).containsExactly("large");
  }

  private static Tree called(Tree tree, String name, List<String> called) {
    return tree.callback(
        given -> {
          called.add(name);
          return given;
        },
        tree.structure());
  }

  // In place: what is overwritten is read before

  record Two(Tree a, Tree b) {}

  @Test
  void statesThatChangePlacesKeepTheirNumbers() {
    GradientTransformation<Two> swapping =
        GradientTransformation.of(
            x -> new Two(x.fill(1), x.fill(2)),
            (g, s, x) -> Step.of(s.a().plus(s.b().times(10)), new Two(s.b(), s.a())));
    Stepper<Two> stepper = Stepper.of(swapping, Tree.of("w", Tensor.of(new double[SIZE])));
    stepper.step(stepper.params().copy());
    assertThat(stepper.params().get("w").get(SIZE - 1)).isEqualTo(21);
    stepper.step(stepper.params().copy());
    assertThat(stepper.params().get("w").get(0)).isEqualTo(21 + 12);
    assertThat(stepper.state().a().get("w").get(7)).isEqualTo(1);
  }

  @Test
  void aLaterPassSeesWhatAnEarlierOneWouldOverwrite() {
    GradientTransformation<Two> crossed =
        GradientTransformation.of(
            x -> new Two(x.fill(1), x.fill(2)),
            (g, s, x) -> {
              Tree a = s.a().plus(g);
              Scalar norm = a.norm();
              Tree b = s.a().times(norm).plus(s.b());
              return Step.of(a.minus(s.a()).dividedBy(norm), new Two(a, b));
            });
    Tree x = Tree.of("w", Tensor.of(new double[] {0, 0}));
    Tree g = Tree.of("w", Tensor.of(new double[] {2, 3}));
    Stepper<Two> stepper = Stepper.of(crossed, x);
    stepper.step(g);
    // a = (3, 4), norm 5, b = (1, 1) 5 + 2
    assertThat(stepper.state().a().get("w").toDoubles()).containsExactly(3, 4);
    assertThat(stepper.state().b().get("w").toDoubles()).containsExactly(7, 7);
    assertThat(stepper.params().get("w").get(0)).isCloseTo(0.4, offset(1e-15));
    assertThat(stepper.params().get("w").get(1)).isCloseTo(0.6, offset(1e-15));
  }

  @Test
  void aStepAllocatesNextToNothingOnceItIsWarm() {
    Stepper<?> stepper =
        Stepper.of(Optimizers.adamw(1e-3), Tree.of("w", Tensor.of(new float[SIZE])));
    Tree gradients = Tree.of("w", Tensor.of(new float[SIZE]));
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < 3000; i++) {
      stepper.step(gradients);
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 1000; i++) {
      stepper.step(gradients);
    }
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(20_000);
  }
}
