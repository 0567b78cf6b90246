package dev.glissade.arena.train;

import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.arena.data.Dataset;
import dev.glissade.arena.data.LabelEncoding.NumberLabel;
import dev.glissade.arena.data.Task;
import dev.glissade.arena.score.NumberScores;
import dev.glissade.models.Batch;
import dev.glissade.models.Loss;
import dev.glissade.models.Losses;
import dev.glissade.models.Mlp;
import dev.glissade.models.Objective;
import dev.glissade.models.Targets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** A model with the loss and the workspaces for one thread that trains it on a data set. */
final class Network {
  private static final int EVALUATED_AT_ONCE = 1024;

  /** The numbers of examples to keep arrays for. */
  private static final int KEPT = 4;

  private final Mlp model;
  private final Objective objective;

  /** Computes losses without the penalty, for scores. */
  private final Objective scored;

  /** Inputs by the number of examples. */
  private final Map<Integer, Tensor> inputs =
      new LinkedHashMap<>(8, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Tensor> eldest) {
          return size() > KEPT;
        }
      };

  Network(Mlp model, Loss loss, double l2) {
    this.model = model;
    this.scored = Objective.of(model, loss);
    this.objective = l2 == 0 ? scored : Objective.of(model, loss).l2(l2);
  }

  /** Returns a network for the data as the plan says. */
  static Network of(Plan plan, Dataset data) {
    boolean classes = data.task() == Task.CLASSES;
    return new Network(
        plan.model(data),
        classes ? Losses.softmaxCrossEntropy() : plan.fit().loss().loss(),
        plan.fit().l2());
  }

  /** Confines products to the calling thread, for runs side by side. */
  void sequential() {
    objective.sequential();
    scored.sequential();
  }

  Mlp model() {
    return model;
  }

  /** Returns the loss to train with, which includes the penalty. */
  Objective objective() {
    return objective;
  }

  /**
   * Returns examples rows[from], ..., rows[to - 1]; the next batch of this size overwrites them.
   */
  Batch batch(Dataset data, int[] rows, int from, int to) {
    return batch(data, rows, from, to, inputs.computeIfAbsent(to - from, n -> inputs(data, n)));
  }

  /** Returns all examples, in arrays of their own. */
  Batch all(Dataset data) {
    int[] rows = new int[data.size()];
    Arrays.setAll(rows, i -> i);
    return batch(data, rows, 0, rows.length, inputs(data, rows.length));
  }

  private static Tensor inputs(Dataset data, int examples) {
    return Tensor.wrap(new float[examples * data.features()], examples, data.features());
  }

  private static Batch batch(Dataset data, int[] rows, int from, int to, Tensor selected) {
    data.inputs(rows, from, to, (float[]) selected.array());
    float[] weights = new float[to - from];
    for (int i = from; i < to; i++) {
      weights[i - from] = data.weight(rows[i]);
    }
    return new Batch(selected, targets(data, rows, from, to).weighted(weights));
  }

  private static Targets targets(Dataset data, int[] rows, int from, int to) {
    if (data.task() == Task.CLASSES) {
      int[] labels = new int[to - from];
      for (int i = from; i < to; i++) {
        labels[i - from] = data.label(rows[i]);
      }
      return Targets.labels(labels);
    }
    float[] values = new float[to - from];
    for (int i = from; i < to; i++) {
      values[i - from] = data.value(rows[i]);
    }
    return Targets.values(values);
  }

  /**
   * Returns the mean loss, without the penalty, and the score over all examples; both NaN without
   * any.
   */
  Metrics evaluate(Tree params, Dataset data) {
    int[] rows = new int[data.size()];
    Arrays.setAll(rows, i -> i);
    double loss = 0;
    Score score = data.task() == Task.CLASSES ? new Right() : new Explained();
    for (int from = 0; from < rows.length; from += EVALUATED_AT_ONCE) {
      int to = Math.min(rows.length, from + EVALUATED_AT_ONCE);
      Batch batch = batch(data, rows, from, to);
      loss += (to - from) * scored.value(params, batch);
      float[] outputs = (float[]) scored.outputs(params, batch.inputs()).array();
      for (int i = 0; i < to - from; i++) {
        score.add(data, from + i, outputs, i * model.outputs());
      }
    }
    return new Metrics(loss / rows.length, score.value());
  }

  /** Collects the score of predictions, one by one. */
  private interface Score {
    void add(Dataset data, int example, float[] outputs, int at);

    double value();
  }

  /** The accuracy. */
  private final class Right implements Score {
    private int right;
    private int all;

    @Override
    public void add(Dataset data, int example, float[] outputs, int at) {
      right += isRight(outputs, at, data.label(example)) ? 1 : 0;
      all++;
    }

    @Override
    public double value() {
      return (double) right / all;
    }
  }

  /** R^2, in the label's own unit. */
  private static final class Explained implements Score {
    private final NumberScores scores = new NumberScores();

    @Override
    public void add(Dataset data, int example, float[] outputs, int at) {
      NumberLabel label = (NumberLabel) data.encoding().label();
      scores.add(data.number(example), label.scaling().undo(outputs[at]));
    }

    @Override
    public double value() {
      return scores.r2();
    }
  }

  /** Returns whether the label has the largest logit; false if a logit is NaN. */
  private boolean isRight(float[] logits, int begin, int label) {
    float chosen = logits[begin + label];
    for (int j = 0; j < model.outputs(); j++) {
      float other = logits[begin + j];
      if (!(j < label ? other < chosen : other <= chosen)) {
        return false;
      }
    }
    return true;
  }
}
