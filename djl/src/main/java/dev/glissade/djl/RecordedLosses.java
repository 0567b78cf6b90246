package dev.glissade.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The losses whose backward passes the next step's gradients come from. They are read when the step
 * is taken, so that passes do not wait for them.
 */
final class RecordedLosses {
  private final List<NDArray> unread = new ArrayList<>();
  private double sum;
  private int count;
  private boolean known = true;

  /** Takes note of a loss, borrowed from the batch; with several devices, several threads do. */
  synchronized void add(NDArray loss) {
    unread.add(loss);
  }

  /** Reads the losses before their batch is closed. */
  synchronized void read() {
    for (NDArray loss : unread) {
      if (loss.isReleased()) {
        known = false;
      } else {
        sum += number(loss);
        count++;
      }
    }
    unread.clear();
  }

  /** Returns the mean of all losses; null if there are none or one was closed before. */
  synchronized @Nullable Double mean() {
    read();
    return known && count > 0 ? sum / count : null;
  }

  synchronized void clear() {
    unread.clear();
    sum = 0;
    count = 0;
    known = true;
  }

  /** Returns the number that was differentiated: of several, the sum. */
  static double number(NDArray loss) {
    try (NDArray wide = loss.toType(DataType.FLOAT64, true)) {
      double sum = 0;
      for (double each : wide.toDoubleArray()) {
        sum += each;
      }
      return sum;
    }
  }
}
