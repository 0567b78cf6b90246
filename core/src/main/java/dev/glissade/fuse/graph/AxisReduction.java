package dev.glissade.fuse.graph;

import java.util.List;

/**
 * Reduces each plane of a tree over some of its axes.
 *
 * @param maps the map of each plane
 */
public record AxisReduction(Fold fold, List<AxisMap> maps) {

  /** What becomes of the elements that meet in one. */
  public enum Fold {
    SUM,
    MEAN,
    MAX;

    /** Returns what a result starts from. */
    public double initial() {
      return this == MAX ? Double.NEGATIVE_INFINITY : 0;
    }

    /** Joins two partial results. */
    public double join(double a, double b) {
      return this == MAX ? Math.max(a, b) : a + b;
    }

    /** Converts the joined result of some elements. */
    public double result(double joined, int elements) {
      return this == MEAN ? joined / elements : joined;
    }
  }

  public AxisReduction {
    maps = List.copyOf(maps);
  }
}
