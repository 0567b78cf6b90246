package dev.glissade.matrix;

import java.util.Arrays;

/**
 * The assignment problem: chooses one column for each row (or, if there are more rows, one row for
 * each column) so that the sum of the chosen costs is least, by the Hungarian algorithm (Kuhn 1955)
 * with shortest augmenting paths (Jonker and Volgenant 1987), in time rows^2 columns.
 *
 * @param columns the column of each row; -1 for a row without one
 * @param total the sum of the chosen costs
 */
public record Assignment(int[] columns, double total) {
  /**
   * Finds the cheapest assignment.
   *
   * @param costs finite numbers, in rows of one length
   * @return the assignment
   * @throws IllegalArgumentException if a row has another length, or a number is not finite
   */
  public static Assignment cheapest(double[][] costs) {
    int rows = costs.length;
    int columns = rows == 0 ? 0 : costs[0].length;
    for (int i = 0; i < rows; i++) {
      Vectors.requireLength("costs[" + i + "]", costs[i].length, columns);
      for (double cost : costs[i]) {
        if (!Double.isFinite(cost)) {
          throw new IllegalArgumentException("costs must be finite, but had " + cost);
        }
      }
    }
    int[] chosen =
        rows <= columns
            ? new Search(costs).run()
            : inverse(new Search(transposed(costs)).run(), rows);
    double total = 0;
    for (int i = 0; i < rows; i++) {
      total += chosen[i] < 0 ? 0 : costs[i][chosen[i]];
    }
    return new Assignment(chosen, total);
  }

  private static double[][] transposed(double[][] costs) {
    double[][] transposed = new double[costs[0].length][costs.length];
    for (int i = 0; i < transposed.length; i++) {
      for (int j = 0; j < costs.length; j++) {
        transposed[i][j] = costs[j][i];
      }
    }
    return transposed;
  }

  private static int[] inverse(int[] rowOfColumn, int rows) {
    int[] columns = new int[rows];
    Arrays.fill(columns, -1);
    for (int j = 0; j < rowOfColumn.length; j++) {
      columns[rowOfColumn[j]] = j;
    }
    return columns;
  }

  /**
   * Assigns row after row, with prices of rows and columns that keep reduced costs at 0 or more.
   */
  private static final class Search {
    private final double[][] costs;
    private final int columns;
    private final double[] ofRow;
    private final double[] ofColumn;

    /** The row of each column; -1 if it is free. */
    private final int[] rowOf;

    Search(double[][] costs) {
      this.costs = costs;
      this.columns = costs.length == 0 ? 0 : costs[0].length;
      this.ofRow = new double[costs.length];
      this.ofColumn = new double[columns];
      this.rowOf = new int[columns];
      Arrays.fill(rowOf, -1);
    }

    int[] run() {
      for (int row = 0; row < costs.length; row++) {
        assign(row);
      }
      int[] columnOf = new int[costs.length];
      for (int j = 0; j < columns; j++) {
        if (rowOf[j] >= 0) {
          columnOf[rowOf[j]] = j;
        }
      }
      return columnOf;
    }

    /**
     * Finds the shortest path of reduced costs from a row to a free column, and changes along it.
     */
    private void assign(int start) {
      double[] distance = new double[columns];
      int[] before = new int[columns];
      boolean[] reached = new boolean[columns];
      Arrays.fill(distance, Double.POSITIVE_INFINITY);
      int last = -1;
      int row = start;
      double length = 0;
      while (row >= 0) {
        int nearest = -1;
        for (int j = 0; j < columns; j++) {
          double through = length + costs[row][j] - ofRow[row] - ofColumn[j];
          if (!reached[j] && through < distance[j]) {
            distance[j] = through;
            before[j] = last;
          }
          if (!reached[j] && (nearest < 0 || distance[j] < distance[nearest])) {
            nearest = j;
          }
        }
        reached[nearest] = true;
        length = distance[nearest];
        last = nearest;
        row = rowOf[nearest];
      }
      reprice(start, distance, reached, length);
      change(start, before, last);
    }

    private void reprice(int start, double[] distance, boolean[] reached, double length) {
      ofRow[start] += length;
      for (int j = 0; j < columns; j++) {
        if (reached[j]) {
          ofColumn[j] -= length - distance[j];
          if (rowOf[j] >= 0) {
            ofRow[rowOf[j]] += length - distance[j];
          }
        }
      }
    }

    private void change(int start, int[] before, int end) {
      for (int j = end; j >= 0; j = before[j]) {
        rowOf[j] = before[j] < 0 ? start : rowOf[before[j]];
      }
    }
  }
}
