package dev.glissade.fuse.graph;

import java.util.Arrays;

/** Reduces each leaf of a tree, or the products of two trees, to a number of its own. */
public final class LeafReduction {
  private final Reduction kind;
  private final boolean mean;
  private final int[] leaf;

  /**
   * @param mean whether the results are divided by the numbers of elements
   * @param leaf the plane of the result that receives each plane of the operands
   */
  public LeafReduction(Reduction kind, boolean mean, int[] leaf) {
    this.kind = kind;
    this.mean = mean;
    this.leaf = leaf.clone();
  }

  public Reduction kind() {
    return kind;
  }

  /** Returns the plane of the result that receives a plane of the operands. */
  public int target(int plane) {
    return leaf[plane];
  }

  /** Converts the joined result of a leaf's ranges to its number. */
  public double result(double joined, int elements) {
    double value = kind.result(joined);
    double plain = kind == Reduction.NORM ? WideNorm.narrow(value) : value;
    return mean ? plain / elements : plain;
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof LeafReduction that
            && kind == that.kind
            && mean == that.mean
            && Arrays.equals(leaf, that.leaf));
  }

  @Override
  public int hashCode() {
    return 31 * kind.hashCode() + Arrays.hashCode(leaf) + Boolean.hashCode(mean);
  }

  @Override
  public String toString() {
    return (mean ? "mean by leaf of " : "by leaf ") + kind;
  }
}
