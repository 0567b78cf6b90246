package dev.glissade.tribuo;

import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.host.HostGradients;
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
  private final Map<String, double[]> sums = new LinkedHashMap<>();
  private final Map<String, RowBuffer> buffers = new LinkedHashMap<>();
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
      double[] old = before == null ? null : before.sums.get(each.path());
      double[] numbers = old != null && old.length == each.size() ? old : new double[each.size()];
      sums.put(each.path(), numbers);
      buffers.put(each.path(), new RowBuffer(numbers, each.rows(), each.columns()));
      tensors.put(each.path(), Tensor.wrap(numbers, each.shape()));
    }
    this.tree = Tree.of(tensors);
  }

  /**
   * Requires gradients of the parameters' shapes.
   *
   * @throws IllegalArgumentException if there are more or fewer, or one has another shape
   */
  void require(org.tribuo.math.la.Tensor[] gradients) {
    if (gradients.length != parameters.size()) {
      throw new IllegalArgumentException(
          "step must have %d gradients, one for each parameter, but had %d"
              .formatted(parameters.size(), gradients.length));
    }
    for (int i = 0; i < gradients.length; i++) {
      int[] want = parameters.get(i).shape();
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

  /**
   * Adds a factor times the gradients.
   *
   * @param areZero whether the sums are zero, so that gradients may be copied
   */
  void add(org.tribuo.math.la.Tensor[] gradients, double factor, boolean areZero) {
    for (int i = 0; i < gradients.length; i++) {
      String path = parameters.get(i).path();
      add(gradients[i], factor, areZero && factor == 1, path);
    }
  }

  private void add(org.tribuo.math.la.Tensor gradient, double factor, boolean copy, String path) {
    double[] to = sums.get(path);
    RowBuffer buffer = buffers.get(path);
    if (gradient instanceof DenseMatrix dense && copy) {
      buffer.read(dense, to);
    } else if (gradient instanceof DenseMatrix dense) {
      buffer.add(dense, factor, to);
    } else if (gradient instanceof DenseVector dense) {
      RowBuffer.add(dense, factor, to, 0);
    } else if (gradient instanceof Matrix matrix) {
      int columns = matrix.getDimension2Size();
      for (MatrixTuple each : matrix) {
        to[each.i * columns + each.j] += factor * each.value;
      }
    } else if (gradient instanceof SGDVector vector) {
      for (VectorTuple each : vector) {
        to[each.index] += factor * each.value;
      }
    } else {
      throw new IllegalArgumentException(
          "the gradient of \"%s\" must be a vector or a matrix, but was a %s"
              .formatted(path, gradient.getClass().getSimpleName()));
    }
  }

  @Override
  public Tree tree() {
    return tree;
  }

  @Override
  public void clear() {
    sums.values().forEach(each -> Arrays.fill(each, 0));
  }

  @Override
  public void restore(Tree numbers) {
    numbers.copyTo(tree);
  }
}
