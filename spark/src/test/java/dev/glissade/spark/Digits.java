package dev.glissade.spark;

import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.models.Batch;
import dev.glissade.models.Losses;
import dev.glissade.models.Mlp;
import dev.glissade.models.Objective;
import dev.glissade.models.Targets;
import dev.glissade.models.ValueAndGradient;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Pictures of ten digits in 8 x 8 pixels, with noise: made here, the same on every machine. */
final class Digits {
  static final int PIXELS = 64;
  static final int CLASSES = 10;
  static final Mlp MODEL = Mlp.of(PIXELS, 16, CLASSES);

  private Digits() {}

  /** Rows of pictures and their digits. */
  record Block(float[] pixels, int[] digits) implements Serializable {
    Batch batch() {
      Tensor inputs = Tensor.wrap(pixels, digits.length, PIXELS);
      return new Batch(inputs, Targets.labels(digits));
    }

    /** Returns some rows, drawn with replacement. */
    Block drawn(SplittableRandom random, int count) {
      float[] rows = new float[count * PIXELS];
      int[] labels = new int[count];
      for (int i = 0; i < count; i++) {
        int row = random.nextInt(digits.length);
        System.arraycopy(pixels, row * PIXELS, rows, i * PIXELS, PIXELS);
        labels[i] = digits[row];
      }
      return new Block(rows, labels);
    }
  }

  /** Returns blocks of pictures. */
  static List<Block> blocks(int blocks, int rows, long seed) {
    SplittableRandom shapes = new SplittableRandom(17);
    float[][] ideal = new float[CLASSES][PIXELS];
    for (float[] digit : ideal) {
      for (int i = 0; i < PIXELS; i++) {
        digit[i] = shapes.nextInt(3) == 0 ? 1 : 0;
      }
    }
    SplittableRandom random = new SplittableRandom(seed);
    List<Block> all = new ArrayList<>();
    for (int b = 0; b < blocks; b++) {
      float[] pixels = new float[rows * PIXELS];
      int[] digits = new int[rows];
      for (int row = 0; row < rows; row++) {
        digits[row] = random.nextInt(CLASSES);
        for (int i = 0; i < PIXELS; i++) {
          pixels[row * PIXELS + i] =
              (float) (ideal[digits[row]][i] + 0.8 * (random.nextDouble() - 0.5));
        }
      }
      all.add(new Block(pixels, digits));
    }
    return all;
  }

  static Tree params() {
    return MODEL.initialParams(3);
  }

  /** The gradients of rows that are drawn from each block, or of all. */
  static ShardGradient<Block> gradient(int rows) {
    Objective objective = Objective.of(MODEL, Losses.softmaxCrossEntropy()).sequential();
    return (params, block, at, sum) -> {
      Block used = rows == 0 ? block : block.drawn(at.random(), rows);
      ValueAndGradient result = objective.gradient(params, used.batch());
      sum.addMean(result.value(), result.gradient(), used.digits().length);
    };
  }

  /** Returns the share of right answers. */
  static double accuracy(Tree params, Block test) {
    float[] logits = MODEL.outputs(params, test.batch().inputs()).toFloats();
    int right = 0;
    for (int row = 0; row < test.digits().length; row++) {
      float[] of = Arrays.copyOfRange(logits, row * CLASSES, (row + 1) * CLASSES);
      int best = 0;
      for (int c = 1; c < CLASSES; c++) {
        best = of[c] > of[best] ? c : best;
      }
      right += best == test.digits()[row] ? 1 : 0;
    }
    return right / (double) test.digits().length;
  }
}
