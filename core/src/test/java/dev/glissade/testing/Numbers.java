package dev.glissade.testing;

import dev.glissade.RandomKey;
import dev.glissade.Scalar;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.records.Records;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The numbers of values, to be compared bit by bit. */
public final class Numbers {
  private Numbers() {}

  /** Returns all numbers of a value by path: those of leaves, of scalars and of keys. */
  public static Map<String, Object> of(Object value) {
    Map<String, Object> numbers = new LinkedHashMap<>();
    Records.walk(
        value,
        (path, leaf) -> {
          if (leaf instanceof Tree tree) {
            tree.toMap().forEach((p, tensor) -> numbers.put(path + ":" + p, leaf(tensor)));
          } else if (leaf instanceof Scalar scalar) {
            numbers.put(path, scalar.value());
          } else if (leaf instanceof RandomKey key) {
            numbers.put(path, key.bits());
          }
        });
    return numbers;
  }

  private static Leaf leaf(Tensor tensor) {
    return new Leaf(tensor.toDoubles());
  }

  /** A leaf's numbers; NaN equals NaN, and -0.0 does not equal 0.0. */
  private record Leaf(double[] numbers) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Leaf leaf && Arrays.equals(numbers, leaf.numbers);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(numbers);
    }

    @Override
    public String toString() {
      return Arrays.toString(numbers);
    }
  }
}
