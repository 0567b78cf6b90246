package dev.glissade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.optimizer.Optimizers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Trees are made of what people have, and read back as that. */
class TreeBuildingTest {

  @Test
  void ofArraysByName() {
    float[] w = {1, 2};
    Tree copied = Tree.ofFloats(Map.of("w", w, "b", new float[] {3}));
    Tree shared = Tree.wrapFloats(Map.of("w", w));
    w[0] = 9;
    assertThat(copied.get("w").toFloats()).containsExactly(1, 2);
    assertThat(shared.get("w").toFloats()).containsExactly(9, 2);
    assertThat(copied.toFloats().keySet()).containsExactly("b", "w");
    assertThat(copied.toFloats().get("b")).containsExactly(3);

    double[] x = {1, 2};
    Tree wide = Tree.ofDoubles(Map.of("x", x));
    Tree wideShared = Tree.wrapDoubles(Map.of("x", x));
    x[1] = 7;
    assertThat(wide.get("x").dtype()).isEqualTo(DType.FLOAT64);
    assertThat(wide.toDoubles().get("x")).containsExactly(1, 2);
    assertThat(wideShared.toDoubles().get("x")).containsExactly(1, 7);
  }

  @Test
  void ofNestedNames() {
    Map<String, Object> model =
        Map.of(
            "dense",
            Map.of("kernel", new float[][] {{1, 2, 3}, {4, 5, 6}}, "bias", new double[] {7}),
            "scale",
            2.5,
            "count",
            4,
            "head",
            Tree.of("w", Tensor.scalar(8f)),
            "rows",
            new double[][] {{1}, {2}});
    Tree tree = Tree.ofNested(model);
    assertThat(tree.paths())
        .containsExactly("count", "dense/bias", "dense/kernel", "head/w", "rows", "scale");
    assertThat(tree.get("dense/kernel").shape()).containsExactly(2, 3);
    assertThat(tree.get("dense/kernel").toFloats()).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(tree.get("rows").shape()).containsExactly(2, 1);
    assertThat(tree.get("scale").dtype()).isEqualTo(DType.FLOAT64);
    assertThat(tree.get("count").dtype()).isEqualTo(DType.FLOAT32);
    assertThatThrownBy(() -> Tree.ofNested(Map.of("a", Map.of("b", new int[] {1}))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "\"a/b\" must be a tensor, a tree, a number, an array of float or double, or a map, but"
                + " was int[]");
  }

  @Test
  void byABuilder() {
    Tree tree =
        Tree.builder()
            .add("dense/kernel", new float[6], 2, 3)
            .add("dense/bias", new float[] {1})
            .add("wide", new double[4], 2, 2)
            .add("vector", new double[] {1})
            .add("matrix", new float[][] {{1}, {2}})
            .add("wideMatrix", new double[][] {{1, 2}})
            .add("half", 0.5f)
            .add("third", 1 / 3.0)
            .add("part", Tree.of("w", Tensor.scalar(1f)))
            .build();
    assertThat(tree.paths())
        .containsExactly(
            "dense/bias",
            "dense/kernel",
            "half",
            "matrix",
            "part/w",
            "third",
            "vector",
            "wide",
            "wideMatrix");
    assertThat(tree.get("wide").shape()).containsExactly(2, 2);
    assertThatThrownBy(() -> Tree.builder().add("w", 1f).add("w", 2f))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a tree must have one leaf \"w\", but was given two");
    assertThatThrownBy(() -> Tree.builder().add("", 1f))
        .hasMessage("a leaf's path must not be empty");
    assertThatThrownBy(() -> Tensor.of(new float[][] {{1, 2}, {3}}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rows[1] must have 2 elements, as rows[0] has, but had 1");
    assertThat(Tensor.of(new float[0][]).shape()).containsExactly(0, 0);
  }

  @Test
  void leavesAreVisitedInOrder() {
    Tree tree = Tree.builder().add("b", 2f).add("a", 1f).build();
    StringBuilder seen = new StringBuilder();
    tree.forEach((path, tensor) -> seen.append(path).append(tensor.get(0)));
    assertThat(seen).hasToString("a1.0b2.0");
    assertThat(tree.stream().map(Map.Entry::getKey)).containsExactly("a", "b");
  }

  @Test
  void asOneVectorAndBack() {
    Tree tree = Tree.builder().add("b", new float[] {1, 2, 3, 4}, 2, 2).add("a", 5f).build();
    Tensor flat = tree.flatten();
    assertThat(flat.toFloats()).containsExactly(5, 1, 2, 3, 4);
    assertThat(Tree.unflatten(flat, tree.structure()).toMap().toString())
        .isEqualTo(tree.toMap().toString());
    assertThat(tree.flatten(List.of("b", "a")).toFloats()).containsExactly(1, 2, 3, 4, 5);
    assertThat(tree.times(2).flatten().toFloats()).containsExactly(10, 2, 4, 6, 8);
    assertThat(Tree.empty().flatten().size()).isZero();
  }

  @Test
  void aVectorOfTheCallersIsSteppedWhereItIs() {
    double[] theta = {1, 2, 3, 4, 5};
    Map<String, int[]> shapes = new LinkedHashMap<>();
    shapes.put("w", new int[] {2, 2});
    shapes.put("b", new int[] {});
    Tree params = Tree.unflatten(Tensor.wrap(theta), shapes);
    Stepper<?> stepper = Stepper.borrowing(Optimizers.sgd(1), params);
    double[] gradients = {1, 1, 1, 1, 3};
    stepper.step(Tree.unflatten(Tensor.wrap(gradients), shapes));
    assertThat(theta).containsExactly(0, 1, 2, 3, 2);
    assertThat(stepper.params().get("b").get(0)).isEqualTo(2);

    ByteBuffer bytes = ByteBuffer.allocateDirect(5 * 4).order(ByteOrder.nativeOrder());
    bytes.asFloatBuffer().put(new float[] {1, 2, 3, 4, 5});
    Tree outside = Tree.unflatten(Tensor.wrap(DType.FLOAT32, bytes, 5), shapes);
    Stepper.borrowing(Optimizers.sgd(1), outside).step(outside.zeros().plus(1).evaluate());
    assertThat(bytes.asFloatBuffer().get(4)).isEqualTo(4);
  }

  @Test
  void wrongVectorsAreRefused() {
    Tree tree = Tree.builder().add("a", 1f).add("b", 2.0).build();
    assertThatThrownBy(tree::flatten)
        .hasMessage(
            "a flat tree must have leaves of one type, but \"a\" is float32 and \"b\" is"
                + " float64");
    assertThatThrownBy(() -> tree.flatten(List.of("a", "a")))
        .hasMessage("order must have each of [a, b] once, but had [a, a]");
    assertThatThrownBy(() ->
            Tree.unflatten(Tensor.of(new float[2]), Map.of("a", new int[] {1}, "b", new int[] {1})))
        .hasMessageStartingWith("shapes must have an order, as a LinkedHashMap has");
    Map<String, int[]> hashed = new HashMap<>();
    hashed.put("a", new int[] {1});
    hashed.put("b", new int[] {1});
    assertThatThrownBy(() -> Tree.unflatten(Tensor.of(new float[2]), hashed))
        .hasMessageStartingWith("shapes must have an order, as a LinkedHashMap has");
    Tree complex = Tree.of("z", Tensor.complex(new float[] {1}, new float[] {2}, 1));
    assertThatThrownBy(complex::flatten)
        .hasMessage("a flat tree must have real leaves, but had complex64");
    assertThatThrownBy(() -> Tree.unflatten(Tensor.of(new float[3]), Map.of("a", new int[] {2})))
        .hasMessage("the vector must have 2 elements, as the leaves, but had 3");
    assertThatThrownBy(() -> Tree.unflatten(Tensor.of(new float[2]), tree.structure()))
        .hasMessageContaining("must have the vector's type float32, but had float64");
  }

  @Test
  void sameBits() {
    Tree x = Tree.of("x", Tensor.of(new double[] {0, Double.NaN}));
    assertThat(x.sameBits(x.copy())).isTrue();
    assertThat(x.sameBits(Tree.of("x", Tensor.of(new double[] {-0.0, Double.NaN})))).isFalse();
    assertThat(x.sameBits(Tree.of("x", Tensor.of(new float[] {0, Float.NaN})))).isFalse();
    assertThat(x.sameBits(Tree.of("y", x.get("x")))).isFalse();
    Tensor z = Tensor.complex(new float[] {1}, new float[] {2}, 1);
    assertThat(z.sameBits(Tensor.complex(new float[] {1}, new float[] {3}, 1))).isFalse();
  }

  @Test
  void scalarForms() {
    Tree x = Tree.of("x", Tensor.of(new double[] {1, 4}));
    Scalar two = x.sum().minus(3);
    assertThat(numbers(x.minus(1))).containsExactly(0, 3);
    assertThat(numbers(x.minus(two))).containsExactly(-1, 2);
    assertThat(numbers(two.minus(x))).containsExactly(1, -2);
    assertThat(numbers(two.plus(x))).containsExactly(3, 6);
    assertThat(numbers(x.max(two))).containsExactly(2, 4);
    assertThat(numbers(x.min(two))).containsExactly(1, 2);
    assertThat(numbers(x.div(2))).containsExactly(0.5, 2);
    assertThat(numbers(x.div(two))).containsExactly(0.5, 2);
    assertThat(numbers(x.div(x))).containsExactly(1, 1);
    assertThat(numbers(x.unaryMinus())).containsExactly(-1, -4);
    assertThat(two.pow(3).evaluate().value()).isEqualTo(8);
    assertThat(two.div(4).plus(two.div(two)).evaluate().value()).isEqualTo(1.5);
    assertThat(two.unaryMinus().evaluate().value()).isEqualTo(-2);
  }

  private static double[] numbers(Tree tree) {
    return tree.evaluate().get("x").toDoubles();
  }
}
