package dev.glissade.models;

import dev.glissade.DType;
import dev.glissade.Tensor;
import dev.glissade.records.Check;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Connectionist temporal classification (Graves et al., 2006): -log of the probability that frames
 * spell a sequence of labels, summed over all alignments. An alignment gives each frame a label or
 * the blank; it spells the sequence that remains when repeated labels are merged and blanks are
 * removed. Logits are those of a softmax over the classes of a frame.
 *
 * <p>Sums run in logarithms, forward and backward in time (the backward sums give the gradient).
 * The loss of labels that the frames can't spell, since they are too few, is infinite, and its
 * gradient 0. Optax stands in -100,000 (log_epsilon) for log 0.
 *
 * @param blankId the class of the blank
 */
public record CtcLoss(int blankId) {
  /**
   * Checks the class of the blank.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public CtcLoss {
    Check.atLeast("blankId", 0, blankId);
  }

  /**
   * Computes the loss of each sequence, all of whose frames count.
   *
   * @param logits float32 or float64 numbers of shape [sequences, frames, classes]
   * @param labels the classes of each sequence, without blanks
   * @return the losses, and the gradient of their sum
   * @throws IllegalArgumentException if shapes don't suit, or a label is the blank or no class
   */
  public LossValues on(Tensor logits, int[]... labels) {
    Matrices.checkType("logits", logits.dtype());
    int[] shape = logits.shape();
    int frames = shape.length == 3 ? Math.multiplyExact(shape[0], shape[1]) : 0;
    int[] paddings = shape.length == 3 ? Arrays.copyOf(shape, 2) : new int[] {0, 0};
    return on(logits, Tensor.of(DType.FLOAT32, new double[frames], paddings), labels);
  }

  /**
   * Computes the loss of each sequence.
   *
   * @param logits float32 or float64 numbers of shape [sequences, frames, classes]
   * @param paddings 1 for frames that don't count, else 0, of shape [sequences, frames]
   * @param labels the classes of each sequence, without blanks
   * @return the losses, and the gradient of their sum, which is 0 for frames that don't count
   * @throws IllegalArgumentException if shapes don't suit, or a label is the blank or no class
   */
  public LossValues on(Tensor logits, Tensor paddings, int[]... labels) {
    check(logits, paddings, labels);
    int[] shape = logits.shape();
    double[] numbers = logits.toDoubles();
    double[] gradient = new double[numbers.length];
    double[] values = new double[shape[0]];
    for (int b = 0; b < shape[0]; b++) {
      int[] frames = frames(b, shape, paddings);
      CtcAlignment alignment = CtcAlignment.of(numbers, frames, shape[2], labels[b], blankId);
      values[b] = alignment.loss();
      alignment.gradient(frames, gradient);
    }
    return new LossValues(
        Tensor.of(DType.FLOAT64, values, shape[0]),
        Tensor.of(logits.dtype(), gradient, shape),
        shape[0]);
  }

  /**
   * Computes the forward probabilities of each sequence: element [t, s] is the logarithm of the
   * probability that the frames up to t spell the labels up to state s and end in it. State 2n is
   * the blank after n labels, state 2n - 1 is label n.
   *
   * @param logits float32 or float64 numbers of shape [sequences, frames, classes]
   * @param paddings 1 for frames that don't count, else 0, of shape [sequences, frames]
   * @param labels the classes of each sequence, without blanks
   * @return for each sequence float64 numbers of shape [frames that count, 2 labels + 1]
   * @throws IllegalArgumentException if shapes don't suit, or a label is the blank or no class
   */
  public List<Tensor> forwardProbs(Tensor logits, Tensor paddings, int[]... labels) {
    check(logits, paddings, labels);
    int[] shape = logits.shape();
    List<Tensor> forward = new ArrayList<>();
    for (int b = 0; b < shape[0]; b++) {
      int[] frames = frames(b, shape, paddings);
      double[][] alpha =
          CtcAlignment.of(logits.toDoubles(), frames, shape[2], labels[b], blankId).alpha();
      double[] rows = Stream.of(alpha).flatMapToDouble(DoubleStream::of).toArray();
      forward.add(Tensor.of(DType.FLOAT64, rows, frames.length, 2 * labels[b].length + 1));
    }
    return forward;
  }

  /** Returns where the frames of a sequence that count begin in the array. */
  private static int[] frames(int sequence, int[] shape, Tensor paddings) {
    int[] frames = new int[shape[1]];
    int count = 0;
    for (int t = 0; t < shape[1]; t++) {
      if (paddings.get(sequence * shape[1] + t) == 0) {
        frames[count++] = (sequence * shape[1] + t) * shape[2];
      }
    }
    return Arrays.copyOf(frames, count);
  }

  private void check(Tensor logits, Tensor paddings, int[][] labels) {
    Matrices.checkType("logits", logits.dtype());
    int[] shape = logits.shape();
    if (shape.length != 3) {
      throw new IllegalArgumentException(
          "logits must have three axes, [sequences, frames, classes], but had " + shape.length);
    }
    if (!Arrays.equals(paddings.shape(), Arrays.copyOf(shape, 2))) {
      throw new IllegalArgumentException(
          "paddings must have a number for each of %d frames of %d sequences, but had the shape %s"
              .formatted(shape[1], shape[0], Arrays.toString(paddings.shape())));
    }
    if (labels.length != shape[0]) {
      throw new IllegalArgumentException(
          "labels must be one list for each of %d sequences, but were %d"
              .formatted(shape[0], labels.length));
    }
    Check.that(blankId < shape[2], "blankId must be one of " + shape[2] + " classes", blankId);
    for (int b = 0; b < labels.length; b++) {
      for (int label : labels[b]) {
        Check.that(
            label >= 0 && label < shape[2] && label != blankId,
            "labels[%d] must be classes from 0 to %d without the blank, %d"
                .formatted(b, shape[2] - 1, blankId),
            label);
      }
    }
  }
}
