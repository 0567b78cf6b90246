package dev.glissade.tribuo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.oracle.labs.mlrg.olcut.provenance.ConfiguredObjectProvenance;
import dev.glissade.optimizer.Optimizers;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.ToDoubleBiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tribuo.Dataset;
import org.tribuo.Example;
import org.tribuo.Feature;
import org.tribuo.ImmutableFeatureMap;
import org.tribuo.Output;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.sgd.crf.CRFModel;
import org.tribuo.classification.sgd.crf.CRFParameters;
import org.tribuo.classification.sgd.crf.CRFTrainer;
import org.tribuo.classification.sgd.fm.FMClassificationTrainer;
import org.tribuo.classification.sgd.objectives.LogMulticlass;
import org.tribuo.common.sgd.AbstractSGDTrainer;
import org.tribuo.math.FeedForwardParameters;
import org.tribuo.math.Parameters;
import org.tribuo.math.StochasticGradientOptimiser;
import org.tribuo.math.la.DenseMatrix;
import org.tribuo.math.la.DenseVector;
import org.tribuo.math.la.SGDVector;
import org.tribuo.math.la.SparseVector;
import org.tribuo.math.la.Tensor;
import org.tribuo.multilabel.MultiLabel;
import org.tribuo.multilabel.MultiLabelFactory;
import org.tribuo.multilabel.sgd.fm.FMMultiLabelTrainer;
import org.tribuo.multilabel.sgd.objectives.BinaryCrossEntropy;
import org.tribuo.provenance.SimpleDataSourceProvenance;
import org.tribuo.regression.RegressionFactory;
import org.tribuo.regression.Regressor;
import org.tribuo.regression.sgd.fm.FMRegressionTrainer;
import org.tribuo.regression.sgd.objectives.SquaredLoss;
import org.tribuo.sequence.MutableSequenceDataset;
import org.tribuo.sequence.SequenceExample;

/**
 * In each of Tribuo's trainers, a step descends along the mean gradient of its examples: found by
 * differences of losses that are written down here.
 */
class MeanGradientTest {
  private static final double RATE = 0.1;
  private static final double H = 1e-5;

  /**
   * An optimiser that takes the steps of ours and compares each with differences of the loss.
   *
   * @param factor what the mean gradient is multiplied by for the examples from, to
   */
  private record Checked(
      GlissadeOptimiser inner,
      int batch,
      int examples,
      ToDoubleBiFunction<Parameters, Integer> loss,
      BiFunction<Integer, Integer, Double> factor,
      List<Parameters> model,
      List<Double> steps)
      implements StochasticGradientOptimiser {

    @Override
    public void initialise(Parameters parameters) {
      inner.initialise(parameters);
      model.add(parameters);
    }

    @Override
    public Tensor[] step(Tensor[] updates, double weight) {
      int perEpoch = (examples + batch - 1) / batch;
      int from = steps.size() % perEpoch * batch;
      int to = Math.min(examples, from + batch);
      Parameters parameters = model.get(0);
      double[][] want = differences(parameters, from, to);
      double[][] before = Models.numbers(parameters);
      Tensor[] left = inner.step(updates, weight);
      double[][] after = Models.numbers(parameters);
      assertThat(left).isEmpty();
      for (int i = 0; i < want.length; i++) {
        for (int j = 0; j < want[i].length; j++) {
          want[i][j] = before[i][j] - RATE * factor.apply(from, to) * want[i][j];
        }
        assertThat(after[i])
            .as("tensor %d at step %d", i, steps.size())
            .containsExactly(want[i], within(1e-7));
      }
      steps.add(weight);
      return left;
    }

    private double mean(Parameters parameters, int from, int to) {
      double sum = 0;
      for (int i = from; i < to; i++) {
        sum += loss.applyAsDouble(parameters, i);
      }
      return sum / (to - from);
    }

    private double[][] differences(Parameters parameters, int from, int to) {
      double[][] found = Models.numbers(parameters);
      for (int i = 0; i < found.length; i++) {
        for (int j = 0; j < found[i].length; j++) {
          add(parameters.get()[i], j, H);
          double above = mean(parameters, from, to);
          add(parameters.get()[i], j, -2 * H);
          double below = mean(parameters, from, to);
          set(parameters.get()[i], j, found[i][j]);
          found[i][j] = (above - below) / (2 * H);
        }
      }
      return found;
    }

    private static void add(Tensor tensor, int j, double what) {
      if (tensor instanceof DenseVector vector) {
        vector.set(j, vector.get(j) + what);
      } else {
        DenseMatrix matrix = (DenseMatrix) tensor;
        int columns = matrix.getDimension2Size();
        matrix.add(j / columns, j % columns, what);
      }
    }

    private static void set(Tensor tensor, int j, double what) {
      if (tensor instanceof DenseVector vector) {
        vector.set(j, what);
      } else {
        DenseMatrix matrix = (DenseMatrix) tensor;
        matrix.set(j / matrix.getDimension2Size(), j % matrix.getDimension2Size(), what);
      }
    }

    @Override
    public void finalise() {
      inner.finalise();
    }

    @Override
    public void reset() {}

    @Override
    public Checked copy() {
      return this;
    }

    @Override
    public ConfiguredObjectProvenance getProvenance() {
      return inner.getProvenance();
    }
  }

  private static Checked checked(
      int batch, int examples, ToDoubleBiFunction<Parameters, Integer> loss) {
    GlissadeOptimiser inner = GlissadeOptimiser.of(Optimizers.sgd(RATE)).minibatchSize(batch);
    return new Checked(
        inner, batch, examples, loss, (from, to) -> 1.0, new ArrayList<>(), new ArrayList<>());
  }

  /** Trains two epochs in the order of the examples. */
  private static <T extends Output<T>> void train(
      AbstractSGDTrainer<T, ?, ?, ?> trainer, Dataset<T> data, Checked checked) {
    trainer.setShuffle(false);
    trainer.train(data);
    assertThat(checked.steps())
        .hasSize(2 * ((data.size() + checked.batch() - 1) / checked.batch()));
  }

  private static <T extends Output<T>> SGDVector[] features(Dataset<T> data, boolean bias) {
    ImmutableFeatureMap map = data.getFeatureIDMap();
    SGDVector[] features = new SGDVector[data.size()];
    for (int i = 0; i < features.length; i++) {
      Example<T> example = data.getExample(i);
      features[i] =
          example.size() == map.size()
              ? DenseVector.createDenseVector(example, map, bias)
              : SparseVector.createSparseVector(example, map, bias);
    }
    return features;
  }

  private static DenseVector scores(Parameters parameters, SGDVector features) {
    return ((FeedForwardParameters) parameters).predict(features).copy();
  }

  private static double crossEntropy(DenseVector scores, int label) {
    return scores.logSumExp() - scores.get(label);
  }

  private static ToDoubleBiFunction<Parameters, Integer> labelLoss(
      Dataset<Label> data, boolean bias) {
    SGDVector[] features = features(data, bias);
    return (parameters, i) ->
        crossEntropy(
            scores(parameters, features[i]),
            data.getOutputIDInfo().getID(data.getExample(i).getOutput()));
  }

  private static AbstractSGDTrainer<Label, ?, ?, ?> linear(Checked checked) {
    return new org.tribuo.classification.sgd.linear.LinearSGDTrainer(
        new LogMulticlass(), checked, 2, -1, checked.batch(), 1);
  }

  @ParameterizedTest
  @CsvSource({"1,true", "1,false", "4,true", "4,false"})
  void ofLinearClassifiers(int batch, boolean dense) {
    Dataset<Label> data = Models.labels(dense);
    // Tribuo merges either sparse or dense gradients: the first example is as the others.
    assertThat(data.getExample(1).size() == Models.FEATURES).isEqualTo(dense);
    if (!dense && batch > 1) {
      data = new org.tribuo.dataset.DatasetView<>(data, new int[] {1, 2, 3, 4, 5, 6}, "sparse");
    }
    Checked checked = checked(batch, data.size(), labelLoss(data, true));
    train(linear(checked), data, checked);
  }

  @ParameterizedTest
  @CsvSource({"1,true", "1,false", "4,true"})
  void ofFactorizationMachines(int batch, boolean dense) {
    Dataset<Label> data = Models.labels(dense);
    Checked checked = checked(batch, data.size(), labelLoss(data, false));
    train(
        new FMClassificationTrainer(new LogMulticlass(), checked, 2, -1, batch, 1, 3, 0.5),
        data,
        checked);
  }

  private static Dataset<Regressor> regressors(boolean dense) {
    List<Regressor> outputs = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      outputs.add(
          new Regressor(new String[] {"u", "v"}, new double[] {Math.sin(i), Math.cos(2 * i)}));
    }
    return Models.data(new RegressionFactory(), outputs, dense);
  }

  private static ToDoubleBiFunction<Parameters, Integer> squares(
      Dataset<Regressor> data, boolean bias) {
    SGDVector[] features = features(data, bias);
    return (parameters, i) -> {
      DenseVector scores = scores(parameters, features[i]);
      double sum = 0;
      for (Regressor.DimensionTuple each : data.getExample(i).getOutput()) {
        double error = scores.get(data.getOutputIDInfo().getID(each)) - each.getValue();
        sum += error * error / 2;
      }
      return sum;
    };
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void ofRegressions(int batch) {
    Dataset<Regressor> data = regressors(true);
    Checked checked = checked(batch, data.size(), squares(data, true));
    train(
        new org.tribuo.regression.sgd.linear.LinearSGDTrainer(
            new SquaredLoss(), checked, 2, -1, batch, 1),
        data,
        checked);
    Checked machine = checked(batch, data.size(), squares(data, false));
    train(
        new FMRegressionTrainer(new SquaredLoss(), machine, 2, -1, batch, 1, 3, 0.5, false),
        data,
        machine);
  }

  private static Dataset<MultiLabel> multiLabels(boolean dense) {
    List<MultiLabel> outputs = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      outputs.add(
          new MultiLabel(
              i % 2 == 0
                  ? Set.of(new Label("a"))
                  : Set.of(new Label("b"), new Label("ac".substring(i % 4 / 2, i % 4 / 2 + 1)))));
    }
    return Models.data(new MultiLabelFactory(), outputs, dense);
  }

  private static ToDoubleBiFunction<Parameters, Integer> binary(
      Dataset<MultiLabel> data, boolean bias) {
    SGDVector[] features = features(data, bias);
    return (parameters, i) -> {
      DenseVector scores = scores(parameters, features[i]);
      DenseVector truth =
          data.getExample(i).getOutput().convertToDenseVector(data.getOutputIDInfo());
      double sum = 0;
      for (int k = 0; k < scores.size(); k++) {
        sum += Math.log1p(Math.exp(scores.get(k))) - truth.get(k) * scores.get(k);
      }
      return sum;
    };
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void ofSeveralLabels(int batch) {
    Dataset<MultiLabel> data = multiLabels(true);
    Checked checked = checked(batch, data.size(), binary(data, true));
    train(
        new org.tribuo.multilabel.sgd.linear.LinearSGDTrainer(
            new BinaryCrossEntropy(), checked, 2, -1, batch, 1),
        data,
        checked);
    Checked machine = checked(batch, data.size(), binary(data, false));
    train(
        new FMMultiLabelTrainer(new BinaryCrossEntropy(), machine, 2, -1, batch, 1, 3, 0.5),
        data,
        machine);
  }

  static MutableSequenceDataset<Label> sequences() {
    LabelFactory factory = new LabelFactory();
    List<SequenceExample<Label>> examples = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      List<Label> labels = new ArrayList<>();
      List<List<Feature>> features = new ArrayList<>();
      for (int k = 0; k < 2 + i % 3; k++) {
        labels.add(new Label("abc".substring((i + k) % 3, (i + k) % 3 + 1)));
        features.add(List.of(new Feature("f" + (i + k) % 4, 1), new Feature("g" + k, Math.sin(i))));
      }
      examples.add(new SequenceExample<>(labels, features));
    }
    return new MutableSequenceDataset<>(
        examples, new SimpleDataSourceProvenance("sequences", factory), factory);
  }

  @Test
  void ofSequences() {
    MutableSequenceDataset<Label> data = sequences();
    Checked checked = checked(1, data.size(), (parameters, i) -> loss(data, parameters, i));
    train(data, checked);
    assertThat(checked.steps()).hasSize(14);
  }

  /** So the page says: Tribuo 4.3.2 takes the first sequence of a minibatch in place of each. */
  @Test
  void ofTheFirstSequenceOfAMinibatch() {
    MutableSequenceDataset<Label> data = sequences();
    Checked checked = checked(7, data.size(), (parameters, i) -> loss(data, parameters, 0));
    train(data, checked);
    assertThat(checked.steps()).hasSize(2);
  }

  private static double loss(
      MutableSequenceDataset<Label> data, Parameters parameters, int sequence) {
    var pair =
        CRFModel.convertToVector(
            data.getExample(sequence), data.getFeatureIDMap(), data.getOutputIDInfo());
    return -((CRFParameters) parameters).valueAndGradient(pair.getB(), pair.getA()).getA();
  }

  private static void train(MutableSequenceDataset<Label> data, Checked checked) {
    CRFTrainer trainer = new CRFTrainer(checked, 2, 1000, checked.batch(), 1);
    trainer.setShuffle(false);
    trainer.train(data);
  }

  @Test
  void byTheWeightOfAnExample() {
    float[] weights = {0.5f, 2, 3};
    Dataset<Label> data = Models.labels(true, weights);
    Checked plain = checked(1, data.size(), labelLoss(data, true));
    Checked checked =
        new Checked(
            plain.inner(),
            1,
            data.size(),
            plain.loss(),
            (from, to) -> (double) weights[from % 3],
            plain.model(),
            plain.steps());
    train(linear(checked), data, checked);
  }

  @Test
  void byTheMeanWeightOfAMinibatch() {
    float[] weights = {0.5f, 2, 3};
    Dataset<Label> data = Models.labels(true, weights);
    Checked plain = checked(4, data.size(), labelLoss(data, true));
    Checked checked =
        new Checked(
            plain.inner().weighted(true),
            4,
            data.size(),
            plain.loss(),
            (from, to) -> {
              double sum = 0;
              for (int i = from; i < to; i++) {
                sum += weights[i % 3];
              }
              return sum / 4 * (to - from) / 4; // a smaller minibatch counts less
            },
            plain.model(),
            plain.steps());
    train(linear(checked), data, checked);
  }
}
