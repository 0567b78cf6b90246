package dev.glissade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.glissade.fuse.graph.CubeRoot;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ElementChoiceTest {
  private static final double NAN = Double.NaN;
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  private static Tree tree(double... numbers) {
    return Tree.ofDoubles(Map.of("w", numbers));
  }

  private static double[] numbers(Tree tree) {
    return tree.evaluate().get("w").toDoubles();
  }

  @Test
  void comparisonsAreOneOrZeroAndFalseForNan() {
    Tree a = tree(1, 2, 3, NAN, 5);
    Tree b = tree(2, 2, 2, 2, NAN);
    assertThat(numbers(a.greaterThan(b))).containsExactly(0, 0, 1, 0, 0);
    assertThat(numbers(a.lessThan(b))).containsExactly(1, 0, 0, 0, 0);
    assertThat(numbers(a.greaterThan(2))).containsExactly(0, 0, 1, 0, 1);
    assertThat(numbers(a.lessThan(Scalar.of(2)))).containsExactly(1, 0, 0, 0, 0);
  }

  @Test
  void whatIsNotChosenHasNoEffect() {
    Tree mask = tree(1, 0, 1, 0, -3);
    Tree bad = tree(1, NAN, 3, INFINITY, 5);
    Tree other = tree(NAN, 20, INFINITY, 40, NAN);
    assertThat(numbers(mask.choose(bad, other))).containsExactly(1, 20, 3, 40, 5);
  }

  @Test
  void aChoiceNeedsEqualShapes() {
    assertThatThrownBy(() -> tree(1, 0).choose(tree(1, 2, 3), tree(1, 2)))
        .hasMessage(
            "the left side of choose[\"w\"] must have the shape of the right side, [3], but had [2]");
  }

  @Test
  void cubeRootsAreAccurateEverywhere() {
    Random random = new Random(5);
    for (int i = 0; i < 200_000; i++) {
      double x = Double.longBitsToDouble(random.nextLong());
      double expected = Math.cbrt(x);
      double actual = CubeRoot.of(x);
      if (Double.isFinite(x)) {
        assertThat(actual).isCloseTo(expected, within(3 * Math.ulp(expected)));
      } else {
        assertThat(Double.doubleToLongBits(actual)).isEqualTo(Double.doubleToLongBits(expected));
      }
    }
    assertThat(CubeRoot.of(-0.0)).isEqualTo(-0.0);
    assertThat(CubeRoot.of(27)).isEqualTo(3);
    assertThat(CubeRoot.of(Double.MIN_VALUE)).isEqualTo(Math.cbrt(Double.MIN_VALUE));
    assertThat(numbers(tree(-8, 0, NAN, INFINITY).cbrt())).containsExactly(-2, 0, NAN, INFINITY);
    assertThat(numbers(tree(0.5).tanh())[0]).isEqualTo(Math.tanh(0.5));
  }

  @Test
  void aMomentIsKeptInATypeOfItsOwnAndRoundedOnce() {
    Tree m = tree(0.1, 1e-3, 3).as(DType.BFLOAT16).evaluate();
    assertThat(m.get("w").dtype()).isEqualTo(DType.BFLOAT16);
    Tree g = tree(1, 1, 1);
    // 3 (m + g), in double, rounded to bfloat16 at the end
    Tree next = m.as(g.structure().computed()).plus(g).times(3).as(DType.BFLOAT16).evaluate();
    double[] kept = m.get("w").toDoubles();
    for (int i = 0; i < kept.length; i++) {
      Tree exact = Tree.ofDoubles(Map.of("w", new double[] {3 * (kept[i] + 1)}));
      assertThat(next.get("w").toDoubles()[i])
          .isEqualTo(exact.as(DType.BFLOAT16).evaluate().get("w").toDoubles()[0]);
    }
  }

  @Test
  void trees32And64Convert() {
    Tree wide = tree(0.1, 1 / 3.0);
    Tree narrow = wide.as(DType.FLOAT32).evaluate();
    assertThat(narrow.get("w").dtype()).isEqualTo(DType.FLOAT32);
    assertThat(numbers(narrow)).containsExactly(0.1f, 1 / 3f);
    assertThat(numbers(narrow.as(DType.FLOAT64).times(2)))
        .containsExactly(0.1f * 2.0, 2.0 * (1 / 3f));
    assertThatThrownBy(() -> wide.as(DType.COMPLEX64))
        .hasMessage("dtype must be real, but was complex64");
  }
}
