package dev.glissade.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.catalog.Entry;
import dev.glissade.records.RecordType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is zero by choice is zero whatever the gradient is; a bound of infinity bounds nothing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class FrozenContract {
  protected static final double[] ODD = {-0.0, 0.0, 3.5, 1e-40, -1e38};
  protected static final double[] BAD = {1.0 / 0, -1.0 / 0, Double.NaN, 1, 3e38};

  /** Optimizers that leave "frozen" alone and move "free". */
  protected abstract Stream<GradientTransformation<?>> frozen();

  protected static Tree tree(DType type, double[] frozen) {
    return Tree.of(
        "free",
        Tensor.of(type, new double[] {1, 2}, 2),
        "frozen",
        Tensor.of(type, frozen, frozen.length));
  }

  @ParameterizedTest
  @MethodSource("frozen")
  void aFrozenLeafKeepsItsBits(GradientTransformation<?> optimizer) {
    for (DType type : List.of(DType.FLOAT32, DType.FLOAT64, DType.BFLOAT16, DType.FLOAT16)) {
      Tree start = tree(type, ODD);
      Stepper<?> stepper = Stepper.of(optimizer, start);
      for (int i = 0; i < 4; i++) {
        stepper.step(tree(type, BAD));
      }
      assertThat(stepper.params().get("frozen").toDoubles())
          .as("%s", type)
          .isEqualTo(start.get("frozen").toDoubles());
      assertThat(stepper.params().get("free").toDoubles())
          .doesNotContain(1, Double.NaN)
          .isNotEqualTo(start.get("free").toDoubles());
      assertThat(applied(optimizer, start, tree(type, BAD)).get("frozen").toDoubles())
          .isEqualTo(start.get("frozen").toDoubles());
    }
  }

  private static <S> Tree applied(GradientTransformation<S> optimizer, Tree x, Tree gradients) {
    return optimizer.apply(gradients, optimizer.init(x), x).params();
  }

  /** The entries of the module. */
  protected abstract List<Entry> entries();

  /** The arguments of these that bound something. */
  protected abstract Map<String, Set<String>> bounds();

  /** Of all numbers in the entries, those that bound something may be infinite and no others. */
  @Test
  void onlyBoundsMayBeInfinite() {
    Map<String, Set<String>> infinite = new TreeMap<>();
    for (Entry entry : entries()) {
      RecordType type = RecordType.of(entry.prototype().getClass());
      for (int i = 0; i < type.size(); i++) {
        if (type.rawType(i) == double.class || type.rawType(i) == Double.class) {
          String argument = entry.arguments().get(i);
          if (takes(entry, type, i)) {
            infinite.merge(entry.name(), Set.of(argument), (a, b) -> Set.of("several"));
          }
        }
      }
    }
    assertThat(infinite).isEqualTo(bounds());
  }

  private static boolean takes(Entry entry, RecordType type, int index) {
    List<Object> parts = new ArrayList<>();
    for (int i = 0; i < type.size(); i++) {
      parts.add(i == index ? (Object) Double.POSITIVE_INFINITY : type.get(entry.prototype(), i));
    }
    try {
      type.make(parts.toArray());
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
