package dev.glissade.spark.ml;

import dev.glissade.Tree;
import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.checkpoint.CheckpointException;
import dev.glissade.models.Mlp;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;

/**
 * A trained network and the scaling of its features and outputs: what a model computes with, what
 * is saved, and what executors receive, in one form, a checkpoint.
 */
final class TrainedNetwork implements Serializable {
  private static final long serialVersionUID = 1;

  /** The names of a checkpoint's entries. */
  private static final String FACTS = "network";

  private static final String LOSSES = "losses";

  private final transient Facts facts;
  private final transient Mlp mlp;
  private final transient Tree params;
  private final transient FeatureScaling scaling;
  private final transient double[] losses;
  private final transient RowNetwork network;

  /**
   * What a checkpoint has besides parameters.
   *
   * @param hidden the sizes of the hidden layers
   * @param activation the name of the function after each of them
   * @param outputs the number of outputs
   * @param mean what is subtracted from each feature
   * @param factor what each feature is multiplied by then
   * @param outputMean what is added to an output, after the factor
   * @param outputFactor what an output is multiplied by
   * @param stepsOfPass the number of steps of a pass
   * @param stepSize the step size that the optimizer has learned; NaN if none
   */
  record Facts(
      List<Integer> hidden,
      String activation,
      int outputs,
      double[] mean,
      double[] factor,
      double outputMean,
      double outputFactor,
      int stepsOfPass,
      double stepSize) {}

  /** The serialized form. */
  private record Saved(byte[] checkpoint) implements Serializable {
    private Object readResolve() throws ObjectStreamException {
      return load(checkpoint);
    }
  }

  TrainedNetwork(Facts facts, Tree params, double[] losses) {
    this.facts = facts;
    this.params = params;
    this.losses = losses;
    this.scaling = new FeatureScaling(facts.mean(), facts.factor());
    this.mlp =
        new NetworkForm(scaling.features(), facts.hidden(), facts.outputs(), facts.activation())
            .mlp();
    this.network = new RowNetwork(mlp, params);
  }

  int features() {
    return scaling.features();
  }

  Mlp mlp() {
    return mlp;
  }

  int outputs() {
    return facts.outputs();
  }

  Tree params() {
    return params;
  }

  TrainingSummary summary() {
    return TrainingSummary.of(losses, facts.stepsOfPass(), facts.stepSize());
  }

  /**
   * Returns the outputs for a row.
   *
   * @throws IllegalArgumentException if the vector has another size
   */
  double[] outputs(Vector features) {
    if (features.size() != features()) {
      throw new IllegalArgumentException(
          "features must have %d numbers, but had %d".formatted(features(), features.size()));
    }
    float[] row = new float[features()];
    scaling.write(features, row, 0);
    float[] results = network.outputs(row);
    double[] outputs = new double[results.length];
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = results[i] * facts.outputFactor() + facts.outputMean();
    }
    return outputs;
  }

  byte[] save() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      Checkpoint.of(params).with(FACTS, facts).with(LOSSES, losses).save(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  static TrainedNetwork load(byte[] saved) {
    try {
      Checkpoint checkpoint = Checkpoint.load(new ByteArrayInputStream(saved), saved.length);
      Facts facts = checkpoint.get(FACTS, Facts.class);
      return new TrainedNetwork(facts, checkpoint.params(), checkpoint.get(LOSSES, new double[0]));
    } catch (CheckpointException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Object writeReplace() {
    return new Saved(save());
  }

  private void readObject(ObjectInputStream in) throws IOException {
    throw new InvalidObjectException("a network is serialized as its checkpoint");
  }
}
