package dev.glissade.tribuo;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.tribuo.Example;
import org.tribuo.MutableDataset;
import org.tribuo.Output;
import org.tribuo.OutputFactory;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.common.sgd.FMParameters;
import org.tribuo.datasource.ListDataSource;
import org.tribuo.impl.ArrayExample;
import org.tribuo.math.LinearParameters;
import org.tribuo.math.Parameters;
import org.tribuo.math.la.DenseMatrix;
import org.tribuo.math.la.DenseSparseMatrix;
import org.tribuo.math.la.DenseVector;
import org.tribuo.math.la.SparseVector;
import org.tribuo.math.la.Tensor;
import org.tribuo.provenance.SimpleDataSourceProvenance;

/** Small models and data. */
final class Models {
  private static final Logger TRIBUO = Logger.getLogger("org.tribuo"); // held, or it is collected
  static final int FEATURES = 5;

  /** The example that has all features even if the others don't. */
  static final int DENSE = 10;

  static {
    TRIBUO.setLevel(Level.SEVERE);
  }

  private Models() {}

  /** A linear model of 3 labels and 4 features. */
  static LinearParameters linear() {
    LinearParameters parameters = new LinearParameters(4, 3);
    Random random = new Random(3);
    parameters.get()[0].foreachInPlace(old -> random.nextGaussian());
    return parameters;
  }

  /** A factorization machine of 2 labels, 4 features and 3 factors. */
  static FMParameters machine() {
    return new FMParameters(new SplittableRandom(1), 4, 2, 3, 0.5);
  }

  /** Returns gradients for a model; every second one of a matrix is sparse. */
  static Tensor[] gradients(Parameters model, int seed) {
    Random random = new Random(seed);
    Tensor[] gradients = model.getEmptyCopy();
    for (int i = 0; i < gradients.length; i++) {
      gradients[i].foreachInPlace(old -> random.nextGaussian());
      if (gradients[i] instanceof DenseMatrix dense && (i + seed) % 2 == 1) {
        gradients[i] = sparse(dense, random);
      }
    }
    return gradients;
  }

  private static DenseSparseMatrix sparse(DenseMatrix dense, Random random) {
    List<SparseVector> rows = new ArrayList<>();
    for (int i = 0; i < dense.getDimension1Size(); i++) {
      int[] two = {random.nextInt(2), 2 + random.nextInt(2)};
      double[] values = {dense.get(i, two[0]), dense.get(i, two[1])};
      rows.add(SparseVector.createSparseVector(dense.getDimension2Size(), two, values));
    }
    return new DenseSparseMatrix(rows);
  }

  /** Returns the numbers of each tensor, row by row. */
  static double[][] numbers(Tensor[] tensors) {
    double[][] numbers = new double[tensors.length][];
    for (int i = 0; i < tensors.length; i++) {
      numbers[i] = numbers(tensors[i]);
    }
    return numbers;
  }

  static double[][] numbers(Parameters model) {
    return numbers(model.get());
  }

  private static double[] numbers(Tensor tensor) {
    int[] shape = tensor.getShape();
    double[] numbers = new double[Tensor.shapeSum(shape)];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] =
          tensor instanceof DenseVector vector
              ? vector.get(i)
              : ((org.tribuo.math.la.Matrix) tensor).get(i / shape[1], i % shape[1]);
    }
    return numbers;
  }

  /** Returns examples of five features, some of which are missing unless they are dense. */
  static <T extends Output<T>> MutableDataset<T> data(
      OutputFactory<T> factory, List<T> outputs, boolean dense, float... weights) {
    Random random = new Random(5);
    List<Example<T>> examples = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      float weight = weights.length == 0 ? 1 : weights[i % weights.length];
      ArrayExample<T> example = new ArrayExample<>(outputs.get(i), weight);
      for (int j = 0; j < FEATURES; j++) {
        double value = random.nextGaussian();
        if (dense || i == DENSE || j < 4 && (i + j) % 3 > 0) {
          example.add("f" + j, value);
        }
      }
      examples.add(example);
    }
    return new MutableDataset<>(
        new ListDataSource<>(examples, factory, new SimpleDataSourceProvenance("small", factory)));
  }

  /** Returns 11 examples of 3 labels. */
  static MutableDataset<Label> labels(boolean dense, float... weights) {
    List<Label> labels = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      labels.add(new Label("abc".substring(i % 3, i % 3 + 1)));
    }
    return data(new LabelFactory(), labels, dense, weights);
  }
}
