package dev.glissade.tribuo;

import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.host.HostGradients;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tribuo.math.la.DenseMatrix;
import org.tribuo.math.la.DenseVector;
import org.tribuo.math.la.Matrix;
import org.tribuo.math.la.MatrixTuple;
import org.tribuo.math.la.SGDVector;
import org.tribuo.math.la.VectorTuple;

/**
 * The gradients of one step in arrays of our own. Tribuo makes new gradients for each step; sparse
 * ones are added where they are not zero, since the step before has left zeros.
 */
final class GradientSums implements HostGradients {
  private final List<DenseParameter> parameters;
  private final List<RowBuffer> sums = new ArrayList<>();
  private final Tree tree;

  /**
   * Creates sums of zero.
   *
   * @param before earlier sums, of which those of the same parameters remain
   */
  GradientSums(List<DenseParameter> parameters, @Nullable GradientSums before) {
    this.parameters = parameters;
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (DenseParameter each : parameters) {
      RowBuffer old = before == null ? null : before.of(each);
      RowBuffer made = old == null ? each.zeros() : old;
      sums.add(made);
      tensors.put(each.path(), Tensor.wrap(made.numbers(), each.shape()));
    }
    this.tree = Tree.of(tensors);
  }

  /** Returns the sums of a parameter of the same path and shape; null if there is none. */
  private @Nullable RowBuffer of(DenseParameter parameter) {
    for (int i = 0; i < parameters.size(); i++) {
      DenseParameter own = parameters.get(i);
      if (own.path().equals(parameter.path()) && Arrays.equals(own.shape(), parameter.shape())) {
        return sums.get(i);
      }
    }
    return null;
  }

  /**
   * Requires gradients of the parameters' shapes.
   *
   * @throws IllegalArgumentException if there are more or fewer, or one has another shape or is
   *     neither vector nor matrix
   */
  void require(org.tribuo.math.la.Tensor[] gradients) {
    if (gradients.length != parameters.size()) {
      throw new IllegalArgumentException(
          "step must have %d gradients, one for each parameter, but had %d"
              .formatted(parameters.size(), gradients.length));
    }
    for (int i = 0; i < gradients.length; i++) {
      int[] want = parameters.get(i).shape();
      if (!(gradients[i] instanceof Matrix) && !(gradients[i] instanceof SGDVector)) {
        throw new IllegalArgumentException(
            "the gradient of \"%s\" must be a vector or a matrix, but was %s"
                .formatted(parameters.get(i).path(), kind(gradients[i])));
      }
      if (!Arrays.equals(gradients[i].getShape(), want)) {
        throw new IllegalArgumentException(
            "the gradient of \"%s\" must have the shape %s, but had %s"
                .formatted(
                    parameters.get(i).path(),
                    Arrays.toString(want),
                    Arrays.toString(gradients[i].getShape())));
      }
    }
  }

  private static String kind(org.tribuo.math.la.@Nullable Tensor tensor) {
    return tensor == null ? "null" : "a " + tensor.getClass().getSimpleName();
  }

  /**
   * Adds a factor times the gradients.
   *
   * @param areZero whether the sums are zero, so that gradients may be copied
   */
  void add(org.tribuo.math.la.Tensor[] gradients, double factor, boolean areZero) {
    for (int i = 0; i < gradients.length; i++) {
      RowBuffer to = sums.get(i);
      if (areZero && factor == 1 && gradients[i] instanceof DenseMatrix dense) {
        to.read(dense);
      } else {
        add(gradients[i], factor, to);
      }
    }
  }

  private static void add(org.tribuo.math.la.Tensor gradient, double factor, RowBuffer to) {
    if (gradient instanceof DenseMatrix dense) {
      to.add(dense, factor);
    } else if (gradient instanceof DenseVector dense) {
      to.add(dense, factor, 0);
    } else if (gradient instanceof Matrix matrix) {
      int columns = matrix.getDimension2Size();
      for (MatrixTuple each : matrix) {
        to.numbers()[each.i * columns + each.j] += factor * each.value;
      }
    } else {
      for (VectorTuple each : (SGDVector) gradient) {
        to.numbers()[each.index] += factor * each.value;
      }
    }
  }

  @Override
  public Tree tree() {
    return tree;
  }

  @Override
  public void clear() {
    sums.forEach(each -> Arrays.fill(each.numbers(), 0));
  }

  @Override
  public void restore(Tree numbers) {
    numbers.copyTo(tree);
  }
}
