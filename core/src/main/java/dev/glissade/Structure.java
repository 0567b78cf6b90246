package dev.glissade;

import dev.glissade.fuse.memory.Element;
import dev.glissade.fuse.memory.Layout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The paths, shapes and types of a tree's leaves, sorted by path. Immutable, compared by content.
 */
public final class Structure {

  /**
   * The type and the shape of one leaf.
   *
   * @param dtype the type of its numbers
   * @param shape the lengths of its axes; empty for a scalar
   */
  public record Leaf(DType dtype, List<Integer> shape) {
    /**
     * Creates a leaf's type and shape.
     *
     * @param dtype the type of its numbers
     * @param shape the lengths of its axes, copied
     */
    public Leaf {
      shape = List.copyOf(shape);
    }

    /**
     * {@return a leaf's type and shape}
     *
     * @param dtype the type of its numbers
     * @param shape the lengths of its axes
     */
    public static Leaf of(DType dtype, int... shape) {
      return new Leaf(dtype, Arrays.stream(shape).boxed().toList());
    }

    int[] lengths() {
      return shape.stream().mapToInt(Integer::intValue).toArray();
    }

    int size() {
      return Structure.size(lengths());
    }

    private boolean isSame(Leaf that) {
      boolean same = dtype == that.dtype && shape.size() == that.shape.size();
      for (int i = 0; same && i < shape.size(); i++) {
        same = shape.get(i).equals(that.shape.get(i));
      }
      return same;
    }
  }

  private final List<String> paths;
  private final List<Leaf> leaves;
  private final int[] firstPlane;
  private final Layout layout;
  private final boolean complex;
  private final int hash;

  /** The leaves that the only leaf, a vector, consists of; null for an ordinary structure. */
  private final @Nullable Structure parts;

  private volatile @Nullable Structure computed;

  private Structure(SortedMap<String, Leaf> sorted) {
    this.paths = List.copyOf(sorted.keySet());
    this.leaves = List.copyOf(sorted.values());
    this.firstPlane = new int[leaves.size()];
    List<Integer> sizes = new ArrayList<>();
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < leaves.size(); i++) {
      firstPlane[i] = sizes.size();
      Leaf leaf = leaves.get(i);
      for (int p = 0; p < planes(i); p++) {
        sizes.add(leaf.size());
        elements.add(leaf.dtype().element());
      }
    }
    this.layout =
        new Layout(
            sizes.stream().mapToInt(Integer::intValue).toArray(), elements.toArray(Element[]::new));
    this.complex = leaves.stream().anyMatch(leaf -> leaf.dtype().isComplex());
    this.hash = 31 * paths.hashCode() + leaves.hashCode();
    this.parts = null;
  }

  /** Creates the structure of one vector that lies in the planes of some leaves. */
  private Structure(Structure parts) {
    long size = parts.size();
    if (size > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a joined tree must have at most 2^31 - 1 elements, but had " + size);
    }
    boolean wide = parts.leaves.stream().anyMatch(leaf -> leaf.dtype() == DType.FLOAT64);
    boolean same = parts.leaves.stream().map(Leaf::dtype).distinct().count() == 1;
    DType widest = wide ? DType.FLOAT64 : DType.FLOAT32;
    String path = "flat";
    while (parts.hasPath(path)) {
      path += "_";
    }
    this.paths = List.of(path);
    this.leaves = List.of(Leaf.of(same ? parts.leaf(0).dtype() : widest, (int) size));
    this.firstPlane = new int[1];
    this.layout = parts.layout;
    this.complex = false;
    this.hash = 31 * parts.hash + 1;
    this.parts = parts;
  }

  /**
   * {@return the structure of these leaves}
   *
   * @param leaves the types and shapes by path
   * @throws IllegalArgumentException if a path is empty, or a shape is negative or has more than
   *     2^31 - 1 elements
   */
  public static Structure of(Map<String, Leaf> leaves) {
    leaves.keySet().forEach(Structure::requirePath);
    return new Structure(new TreeMap<>(leaves));
  }

  private static void requirePath(String path) {
    if (path.isEmpty()) {
      throw new IllegalArgumentException("a leaf's path must not be empty");
    }
  }

  /** Returns the number of elements of a shape. */
  static int size(int[] shape) {
    long size = 1;
    for (int length : shape) {
      if (length < 0) {
        throw new IllegalArgumentException(
            "the lengths of a shape must not be negative, but were " + Arrays.toString(shape));
      }
      size *= length;
      if (size > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "a tensor must have at most 2^31 - 1 numbers, but had shape " + Arrays.toString(shape));
      }
    }
    return (int) size;
  }

  /** {@return the paths, sorted} */
  public List<String> paths() {
    return paths;
  }

  /**
   * {@return the leaf at a path}
   *
   * @param path the leaf's path
   * @throws IllegalArgumentException if there is no such leaf
   */
  public Leaf leaf(String path) {
    return leaves.get(index(path));
  }

  Leaf leaf(int index) {
    return leaves.get(index);
  }

  /** {@return the number of leaves} */
  public int leaves() {
    return leaves.size();
  }

  /** {@return the number of elements of all leaves} A complex element counts as one. */
  public long size() {
    return leaves.stream().mapToLong(Leaf::size).sum();
  }

  /**
   * {@return whether there is a leaf at a path}
   *
   * @param path the path to look for
   */
  public boolean hasPath(String path) {
    return Collections.binarySearch(paths, path) >= 0;
  }

  int index(String path) {
    int index = Collections.binarySearch(paths, path);
    if (index < 0) {
      throw new IllegalArgumentException(
          "the path of a leaf must be one of %s, but was \"%s\"".formatted(listed(paths), path));
    }
    return index;
  }

  int planes(int leaf) {
    return parts != null ? layout.planes() : leaves.get(leaf).dtype().isComplex() ? 2 : 1;
  }

  int firstPlane(int leaf) {
    return firstPlane[leaf];
  }

  Layout layout() {
    return layout;
  }

  boolean hasComplex() {
    return complex;
  }

  /**
   * {@return this structure with each leaf in the type in which it is computed: float32 for 16-bit
   * leaves} See {@link DType#computed}.
   */
  public Structure computed() {
    Structure known = computed;
    if (known == null) {
      known =
          parts != null
              ? parts.computed().joined()
              : map(leaf -> new Leaf(leaf.dtype().computed(), leaf.shape()));
      known = known.equals(this) ? this : known;
      computed = known;
    }
    return known;
  }

  Structure map(UnaryOperator<Leaf> change) {
    TreeMap<String, Leaf> mapped = new TreeMap<>();
    for (int i = 0; i < leaves.size(); i++) {
      mapped.put(paths.get(i), change.apply(leaves.get(i)));
    }
    return new Structure(mapped);
  }

  Map<String, Leaf> toMap() {
    Map<String, Leaf> map = new LinkedHashMap<>();
    for (int i = 0; i < leaves.size(); i++) {
      map.put(paths.get(i), leaves.get(i));
    }
    return map;
  }

  /**
   * Refuses a structure whose paths, shapes or computed types differ from another's.
   *
   * @param name the name of this structure, for the message
   * @param other the structure that this one must match
   * @param otherName the name of the other structure
   * @throws IllegalArgumentException naming the first leaf that differs, and how
   */
  void requireSame(String name, Structure other, String otherName) {
    if (!computed().equals(other.computed())) {
      requireSame(name, other, otherName, (a, b) -> a.computed() == b.computed());
    }
  }

  /** Throws unless the paths and shapes are the same, and complex leaves at the same paths. */
  void requireConvertible(String name, Structure other, String otherName) {
    if (!equals(other)) {
      requireSame(name, other, otherName, (a, b) -> a.isComplex() == b.isComplex());
    }
  }

  /** Returns the structure of one vector of all these leaves, which keep their types. */
  Structure joined() {
    return parts == null ? new Structure(this) : this;
  }

  /** Returns the leaves that a vector consists of; this structure if it is not {@link #joined}. */
  Structure separated() {
    return parts == null ? this : parts;
  }

  boolean isJoined() {
    return parts != null;
  }

  /** Returns this structure with all leaves in one type. */
  Structure withDtype(DType dtype) {
    if (parts != null) {
      return parts.withDtype(dtype).joined();
    }
    return map(leaf -> new Leaf(dtype, leaf.shape()));
  }

  private void requireSame(
      String name, Structure other, String otherName, BiPredicate<DType, DType> compatible) {
    for (String path : paths) {
      if (!other.hasPath(path)) {
        throw refusal(
            "%s must have the leaves of %s, %s, but had \"%s\""
                .formatted(name, otherName, listed(other.paths), path));
      }
      Leaf here = leaf(path);
      Leaf there = other.leaf(path);
      String leaf = name + "[\"" + path + "\"]";
      if (!here.shape().equals(there.shape())) {
        throw refusal(
            "%s must have the shape of %s, %s, but had %s"
                .formatted(leaf, otherName, there.shape(), here.shape()));
      }
      if (!compatible.test(here.dtype(), there.dtype())) {
        throw refusal(
            "%s must have the type of %s, %s, but had %s"
                .formatted(leaf, otherName, there.dtype(), here.dtype()));
      }
    }
    if (isJoined() != other.isJoined()) {
      throw refusal(
          "%s and %s must both be joined or not, but only %s was"
              .formatted(name, otherName, isJoined() ? name : otherName));
    }
    for (String path : other.paths) {
      if (!hasPath(path)) {
        throw refusal(
            "%s must have leaf \"%s\", as %s has, but had %s"
                .formatted(name, path, otherName, listed(paths)));
      }
    }
  }

  /** Lists paths for a message, the first eight of them if there are more. */
  static String listed(List<String> paths) {
    return paths.size() <= 8
        ? paths.toString()
        : paths.subList(0, 8) + " and " + (paths.size() - 8) + " more";
  }

  private static IllegalArgumentException refusal(String sentence) {
    return Driver.isInStep() ? new Mismatch(sentence) : new IllegalArgumentException(sentence);
  }

  /**
   * Thrown when two trees inside a step differ in form; {@link Driver} adds what may have caused
   * it.
   */
  static final class Mismatch extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    Mismatch(String sentence) {
      super(sentence);
    }
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof Structure that && hash == that.hash && sameLeaves(that));
  }

  /** Compares by index, since an iterator would be allocated at each step. */
  private boolean sameLeaves(Structure that) {
    boolean same = paths.size() == that.paths.size() && isJoined() == that.isJoined();
    if (parts != null && that.parts != null) {
      return parts.equals(that.parts);
    }
    for (int i = 0; same && i < paths.size(); i++) {
      same = paths.get(i).equals(that.paths.get(i)) && leaves.get(i).isSame(that.leaves.get(i));
    }
    return same;
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return toMap().toString();
  }
}
