package dev.glissade.tribuo;

import dev.glissade.Tensor;
import dev.glissade.host.HostParameter;
import org.jspecify.annotations.Nullable;
import org.tribuo.math.la.DenseMatrix;
import org.tribuo.math.la.DenseVector;

/**
 * A tensor of Tribuo's parameters, with a copy of its numbers in one array. Each step copies the
 * array back; nothing but the optimizer changes the numbers between the steps of Tribuo's trainers.
 */
final class DenseParameter implements HostParameter {
  private final String path;
  private final org.tribuo.math.la.Tensor kept;
  private final int[] shape;
  private @Nullable RowBuffer copy;

  /**
   * Describes a parameter.
   *
   * @throws IllegalArgumentException if it is neither dense vector nor dense matrix, or too large
   */
  DenseParameter(String path, org.tribuo.math.la.Tensor kept) {
    if (kept.getClass() != DenseVector.class && kept.getClass() != DenseMatrix.class) {
      throw new IllegalArgumentException(
          "parameter \"%s\" must be a DenseVector or a DenseMatrix, but was a %s"
              .formatted(path, kept.getClass().getSimpleName()));
    }
    this.path = path;
    this.kept = kept;
    this.shape = kept.getShape().clone();
    long size = 1;
    for (int length : shape) {
      size *= length;
    }
    if (size > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "parameter \"%s\" must have at most %d numbers, but had %d"
              .formatted(path, Integer.MAX_VALUE, size));
    }
  }

  private RowBuffer copy() {
    RowBuffer made = copy;
    if (made == null) {
      made = zeros();
      copy = made;
    }
    return made;
  }

  /** Returns as many zeros as the parameter has numbers. */
  RowBuffer zeros() {
    return RowBuffer.of(shape.length == 1 ? 1 : shape[0], shape[shape.length - 1]);
  }

  int[] shape() {
    return shape.clone();
  }

  /** Returns whether this describes that tensor, at the same place. */
  @SuppressWarnings("ReferenceEquality") // tensors of equal numbers are not the same parameter
  boolean isOf(org.tribuo.math.la.Tensor now) {
    return kept == now;
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public Tensor tensor() {
    return Tensor.wrap(copy().numbers(), shape);
  }

  @Override
  public boolean isSame(HostParameter now) {
    return now instanceof DenseParameter other
        && copy != null
        && isOf(other.kept)
        && path.equals(other.path);
  }

  @Override
  public void load() {
    if (kept instanceof DenseMatrix matrix) {
      copy().read(matrix);
    } else {
      copy().setElements((DenseVector) kept);
    }
  }

  @Override
  public void store() {
    if (kept instanceof DenseMatrix matrix) {
      copy().write(matrix);
    } else {
      ((DenseVector) kept).setElements(copy());
    }
  }
}
