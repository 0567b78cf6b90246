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
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The paths, shapes and types of a tree's leaves, sorted by path. Immutable, compared by content.
 */
public final class Structure {

  /**
   * The shape and the type of one leaf.
   *
   * @param shape the lengths of the axes
   */
  public record Leaf(DType dtype, List<Integer> shape) {
    public Leaf {
      shape = List.copyOf(shape);
    }

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
  }

  /** The structure of these leaves. */
  public static Structure of(Map<String, Leaf> leaves) {
    leaves.keySet().forEach(Structure::requirePath);
    return new Structure(new TreeMap<>(leaves));
  }

  private static void requirePath(String path) {
    if (path.isEmpty()) {
      throw new IllegalArgumentException("a leaf's path must not be empty");
    }
  }

  /** The number of elements of a shape. */
  static int size(int[] shape) {
    long size = 1;
    for (int length : shape) {
      if (length < 0) {
        throw new IllegalArgumentException(
            "a shape must not be negative, but was " + Arrays.toString(shape));
      }
      size *= length;
      if (size > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "a tensor holds at most 2^31 - 1 numbers: shape " + Arrays.toString(shape));
      }
    }
    return (int) size;
  }

  public List<String> paths() {
    return paths;
  }

  /** The leaf at a path. */
  public Leaf leaf(String path) {
    return leaves.get(index(path));
  }

  Leaf leaf(int index) {
    return leaves.get(index);
  }

  /** The number of leaves. */
  public int leaves() {
    return leaves.size();
  }

  /** The number of elements in all; a complex one counts as one. */
  public long size() {
    return leaves.stream().mapToLong(Leaf::size).sum();
  }

  public boolean hasPath(String path) {
    return Collections.binarySearch(paths, path) >= 0;
  }

  int index(String path) {
    int index = Collections.binarySearch(paths, path);
    if (index < 0) {
      throw new IllegalArgumentException("no leaf \"" + path + "\" in " + paths);
    }
    return index;
  }

  int planes(int leaf) {
    return leaves.get(leaf).dtype().isComplex() ? 2 : 1;
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

  /** This structure with the types that are computed of it: float32 for 16-bit leaves. */
  public Structure computed() {
    Structure known = computed;
    if (known == null) {
      known = map(leaf -> new Leaf(leaf.dtype().computed(), leaf.shape()));
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
   * Refuses another structure, but for 16-bit leaves in place of float32 ones.
   *
   * @throws IllegalArgumentException naming the first leaf that differs and how
   */
  void requireSame(String name, Structure other, String otherName) {
    if (computed().equals(other.computed())) {
      return;
    }
    for (String path : paths) {
      if (!other.hasPath(path)) {
        throw refusal(lacks(name, path, otherName, other));
      }
      Leaf here = leaf(path);
      Leaf there = other.leaf(path);
      String leaf = name + "[\"" + path + "\"]";
      if (!here.shape().equals(there.shape())) {
        throw refusal(
            "%s has shape %s, but %s has shape %s"
                .formatted(leaf, here.shape(), otherName, there.shape()));
      }
      if (here.dtype().computed() != there.dtype().computed()) {
        throw refusal(
            "%s is %s, but %s has %s".formatted(leaf, here.dtype(), otherName, there.dtype()));
      }
    }
    for (String path : other.paths) {
      if (!hasPath(path)) {
        throw refusal(lacks(otherName, path, name, this));
      }
    }
  }

  /**
   * The sentence for a leaf that the other structure lacks; at most eight of its paths are listed.
   */
  private static String lacks(String name, String path, String otherName, Structure other) {
    String known =
        other.paths.size() <= 8
            ? other.paths.toString()
            : other.paths.subList(0, 8) + " and " + (other.paths.size() - 8) + " more";
    return "%1$s has leaf \"%2$s\", which %3$s lacks; %3$s has %4$s"
        .formatted(name, path, otherName, known);
  }

  private static IllegalArgumentException refusal(String sentence) {
    return Driver.isInStep() ? new Mismatch(sentence) : new IllegalArgumentException(sentence);
  }

  /** Two trees inside of a step differ in form; the step's caller says what that may come from. */
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

  /** By index, since an iterator would be allocated at each step. */
  private boolean sameLeaves(Structure that) {
    boolean same = paths.size() == that.paths.size();
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
