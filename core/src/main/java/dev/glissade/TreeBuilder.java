package dev.glissade;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Collects the leaves of a {@link Tree}:
 *
 * <pre>{@code
 * Tree params = Tree.builder()
 *     .add("dense/kernel", kernel, 784, 10)
 *     .add("dense/bias", new float[10])
 *     .add("temperature", 1f)
 *     .build();
 * }</pre>
 *
 * <p>Each {@code add} throws an {@link IllegalArgumentException} if the path is empty or taken. Not
 * safe for use by several threads.
 */
public final class TreeBuilder {
  private final Map<String, Tensor> tensors = new TreeMap<>();

  TreeBuilder() {}

  /**
   * Adds a leaf, without a copy.
   *
   * @param path the leaf's path, not empty
   * @param tensor the leaf
   * @return this builder
   * @throws IllegalArgumentException if the path is empty, or there is a leaf of this path already
   */
  public TreeBuilder add(String path, Tensor tensor) {
    if (path.isEmpty()) {
      throw new IllegalArgumentException("a leaf's path must not be empty");
    }
    if (tensors.putIfAbsent(path, tensor) != null) {
      throw new IllegalArgumentException(
          "a tree must have one leaf \"" + path + "\", but was given two");
    }
    return this;
  }

  /**
   * Adds a float32 vector with a copy of the numbers.
   *
   * @param path the leaf's path
   * @param data the numbers
   * @return this builder
   */
  public TreeBuilder add(String path, float[] data) {
    return add(path, Tensor.of(data));
  }

  /**
   * Adds a float32 leaf with a copy of the numbers.
   *
   * @param path the leaf's path
   * @param data the numbers in row-major order
   * @param shape the lengths of the axes
   * @return this builder
   */
  public TreeBuilder add(String path, float[] data, int... shape) {
    return add(path, Tensor.of(data, shape));
  }

  /**
   * Adds a float64 vector with a copy of the numbers.
   *
   * @param path the leaf's path
   * @param data the numbers
   * @return this builder
   */
  public TreeBuilder add(String path, double[] data) {
    return add(path, Tensor.of(data));
  }

  /**
   * Adds a float64 leaf with a copy of the numbers.
   *
   * @param path the leaf's path
   * @param data the numbers in row-major order
   * @param shape the lengths of the axes
   * @return this builder
   */
  public TreeBuilder add(String path, double[] data, int... shape) {
    return add(path, Tensor.of(data, shape));
  }

  /**
   * Adds a float32 matrix with a copy of the rows.
   *
   * @param path the leaf's path
   * @param rows the rows, all of one length
   * @return this builder
   */
  public TreeBuilder add(String path, float[][] rows) {
    return add(path, Tensor.of(rows));
  }

  /**
   * Adds a float64 matrix with a copy of the rows.
   *
   * @param path the leaf's path
   * @param rows the rows, all of one length
   * @return this builder
   */
  public TreeBuilder add(String path, double[][] rows) {
    return add(path, Tensor.of(rows));
  }

  /**
   * Adds a float32 scalar.
   *
   * @param path the leaf's path
   * @param value the number
   * @return this builder
   */
  public TreeBuilder add(String path, float value) {
    return add(path, Tensor.scalar(value));
  }

  /**
   * Adds a float64 scalar.
   *
   * @param path the leaf's path
   * @param value the number
   * @return this builder
   */
  public TreeBuilder add(String path, double value) {
    return add(path, Tensor.scalar(value));
  }

  /**
   * Adds the leaves of an evaluated tree, without a copy. Each path becomes "prefix/path".
   *
   * @param prefix comes before each path; empty for none
   * @param tree the leaves to add
   * @return this builder
   * @throws IllegalStateException if the tree is not evaluated
   */
  public TreeBuilder add(String prefix, Tree tree) {
    tree.forEach((path, tensor) -> add(join(prefix, path), tensor));
    return this;
  }

  /**
   * Adds the leaves of nested maps, as {@link Tree#ofNested} does. Each path becomes "prefix/path".
   *
   * @param prefix comes before each path; empty for none
   * @param values tensors, trees, maps, numbers and arrays
   * @return this builder
   * @throws IllegalArgumentException if a value has another type, naming its path
   */
  public TreeBuilder addAll(String prefix, Map<String, ?> values) {
    values.forEach((name, value) -> addAny(join(prefix, name), value));
    return this;
  }

  private void addAny(String path, @Nullable Object value) {
    if (value instanceof Tensor tensor) {
      add(path, tensor);
    } else if (value instanceof Tree tree) {
      add(path, tree);
    } else if (value instanceof float[] data) {
      add(path, data);
    } else if (value instanceof double[] data) {
      add(path, data);
    } else if (value instanceof float[][] rows) {
      add(path, rows);
    } else if (value instanceof double[][] rows) {
      add(path, rows);
    } else if (value instanceof Double number) {
      add(path, (double) number);
    } else if (value instanceof Number number) {
      add(path, number.floatValue());
    } else if (value instanceof Map<?, ?> map) {
      map.forEach((name, element) -> addAny(join(path, String.valueOf(name)), element));
    } else {
      throw new IllegalArgumentException(
          "\"%s\" must be a tensor, a tree, a number, an array of float or double, or a map, but was %s"
              .formatted(path, value == null ? "null" : value.getClass().getSimpleName()));
    }
  }

  private static String join(String prefix, String name) {
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  /** {@return the tree of all leaves added so far} */
  public Tree build() {
    return Tree.of(tensors);
  }
}
