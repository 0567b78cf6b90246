package dev.glissade.contrib;

import dev.glissade.Structure;
import dev.glissade.withers.Withers;
import java.util.List;
import java.util.stream.Stream;

/**
 * Says which axes of a leaf are the rows and which the columns of a matrix. Axes in neither list
 * are batches: the leaf is then one matrix for each of their indices. Negative axes count from the
 * end.
 *
 * @param reductionAxis the axes of a layer's inputs, which are the rows
 * @param outputAxis the axes of a layer's outputs, which are the columns
 */
@Withers
public record DimensionNumbers(List<Integer> reductionAxis, List<Integer> outputAxis)
    implements DimensionNumbersWithers {
  /** No matrix. */
  public static final DimensionNumbers NONE = new DimensionNumbers(List.of(), List.of());

  /**
   * Copies the lists and checks them.
   *
   * @param reductionAxis any axes, none twice
   * @param outputAxis other axes; both lists are empty for no matrix
   * @throws IllegalArgumentException if only one list is empty, or an axis occurs twice
   */
  public DimensionNumbers {
    reductionAxis = List.copyOf(reductionAxis);
    outputAxis = List.copyOf(outputAxis);
    List<Integer> all = Stream.of(reductionAxis, outputAxis).flatMap(List::stream).toList();
    require(
        reductionAxis.isEmpty() == outputAxis.isEmpty(),
        "the reduction and output axes of dimension numbers must both be given or not",
        reductionAxis,
        outputAxis);
    require(
        all.stream().distinct().count() == all.size(),
        "the reduction and output axes of dimension numbers must be distinct",
        reductionAxis,
        outputAxis);
  }

  /**
   * Returns the dimension numbers of a matrix of two axes.
   *
   * @param reductionAxis the axis of a layer's inputs
   * @param outputAxis the axis of a layer's outputs, another one
   * @return the dimension numbers
   */
  public static DimensionNumbers of(int reductionAxis, int outputAxis) {
    return new DimensionNumbers(List.of(reductionAxis), List.of(outputAxis));
  }

  /** Returns whether this is a matrix at all. */
  boolean isMatrix() {
    return !reductionAxis.isEmpty();
  }

  /** Returns the axes of the rows, counted from 0. */
  int[] rows(String path, Structure.Leaf leaf) {
    return resolved(reductionAxis, path, leaf);
  }

  /** Returns the axes of the columns, counted from 0. */
  int[] columns(String path, Structure.Leaf leaf) {
    return resolved(outputAxis, path, leaf);
  }

  private int[] resolved(List<Integer> axes, String path, Structure.Leaf leaf) {
    int rank = leaf.shape().size();
    for (int axis : axes) {
      boolean other =
          axis < 0 && (reductionAxis.contains(axis + rank) || outputAxis.contains(axis + rank));
      require(
          axis >= -rank && axis < rank && !other,
          "the reduction and output axes of leaf \"%s\" must be distinct axes of its shape %s"
              .formatted(path, leaf.shape()),
          reductionAxis,
          outputAxis);
    }
    return axes.stream().mapToInt(axis -> axis < 0 ? axis + rank : axis).toArray();
  }

  private static void require(
      boolean holds, String rule, List<Integer> rows, List<Integer> columns) {
    if (!holds) {
      throw new IllegalArgumentException("%s, but were %s and %s".formatted(rule, rows, columns));
    }
  }
}
