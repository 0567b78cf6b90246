package dev.glissade.models;

import java.util.Arrays;

/**
 * The alignments of one sequence of frames with its labels. The states are the labels with a blank
 * before, between and after them; state s is the blank if s is even, else label (s - 1) / 2.
 *
 * @param classes the class of each state
 * @param p the probability of each class in each frame
 * @param logs their logarithms
 * @param alpha the log probability of the first frames, up to and including t, that end in state s
 */
record CtcAlignment(int[] classes, double[][] p, double[][] logs, double[][] alpha) {
  private static final double NEVER = Double.NEGATIVE_INFINITY;

  /** Aligns the frames that begin at the given places of an array of logits. */
  static CtcAlignment of(double[] logits, int[] frames, int width, int[] labels, int blank) {
    int[] classes = new int[2 * labels.length + 1];
    for (int s = 0; s < classes.length; s++) {
      classes[s] = s % 2 == 0 ? blank : labels[s / 2];
    }
    double[][] p = new double[frames.length][];
    double[][] logs = new double[frames.length][width];
    for (int t = 0; t < frames.length; t++) {
      double[] frame = Arrays.copyOfRange(logits, frames[t], frames[t] + width);
      p[t] = Softmax.of(frame);
      double max = Softmax.max(frame, 0, width);
      double sum = 0;
      for (double logit : frame) {
        sum += Math.exp(logit - max);
      }
      for (int c = 0; c < width; c++) {
        logs[t][c] = frame[c] - max - Math.log(sum);
      }
    }
    double[][] alpha = new double[frames.length][classes.length];
    CtcAlignment alignment = new CtcAlignment(classes, p, logs, alpha);
    alignment.forward();
    return alignment;
  }

  private void forward() {
    for (int t = 0; t < alpha.length; t++) {
      for (int s = 0; s < classes.length; s++) {
        double before = s < 2 ? 0 : NEVER; // an alignment starts in the first blank or label
        if (t > 0) {
          before = alpha[t - 1][s];
          before = s >= 1 ? add(before, alpha[t - 1][s - 1]) : before;
          before = maySkip(s) ? add(before, alpha[t - 1][s - 2]) : before;
        }
        alpha[t][s] = before + logs[t][classes[s]];
      }
    }
  }

  /**
   * Returns whether state s may follow state s - 2, with no blank between: two different labels.
   */
  private boolean maySkip(int s) {
    return s % 2 == 1 && s >= 3 && classes[s] != classes[s - 2];
  }

  double loss() {
    int states = classes.length;
    if (alpha.length == 0) {
      return states == 1 ? 0 : Double.POSITIVE_INFINITY;
    }
    double[] last = alpha[alpha.length - 1];
    return -(states == 1 ? last[0] : add(last[states - 1], last[states - 2]));
  }

  /** Writes the derivatives of the loss by the logits: p less the share of each class. */
  void gradient(int[] frames, double[] gradient) {
    double loss = loss();
    if (loss == Double.POSITIVE_INFINITY) {
      return;
    }
    double[] beta = new double[classes.length];
    for (int t = alpha.length - 1; t >= 0; t--) {
      beta = t == alpha.length - 1 ? ends() : backward(beta, t + 1);
      for (int c = 0; c < p[t].length; c++) {
        gradient[frames[t] + c] = p[t][c];
      }
      for (int s = 0; s < classes.length; s++) {
        gradient[frames[t] + classes[s]] -= Math.exp(alpha[t][s] + beta[s] + loss);
      }
    }
  }

  private double[] ends() {
    double[] beta = new double[classes.length];
    Arrays.fill(beta, NEVER);
    beta[classes.length - 1] = 0;
    if (classes.length > 1) {
      beta[classes.length - 2] = 0;
    }
    return beta;
  }

  /**
   * Returns the log probability of frames t and later after each state, from that after frame t.
   */
  private double[] backward(double[] after, int t) {
    double[] beta = new double[classes.length];
    for (int s = 0; s < beta.length; s++) {
      beta[s] = after[s] + logs[t][classes[s]];
      if (s + 1 < beta.length) {
        beta[s] = add(beta[s], after[s + 1] + logs[t][classes[s + 1]]);
      }
      if (s + 2 < beta.length && maySkip(s + 2)) {
        beta[s] = add(beta[s], after[s + 2] + logs[t][classes[s + 2]]);
      }
    }
    return beta;
  }

  /** Returns log(exp(a) + exp(b)). */
  private static double add(double a, double b) {
    double max = Math.max(a, b);
    return max == NEVER ? NEVER : max + Math.log1p(Math.exp(Math.min(a, b) - max));
  }
}
