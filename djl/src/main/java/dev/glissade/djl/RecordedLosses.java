package dev.glissade.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.glissade.host.Accumulation;
import java.util.ArrayList;
import java.util.List;

/**
 * The losses whose backward passes the next step's gradients come from. They are read when the step
 * is taken, so that passes do not wait for them.
 */
final class RecordedLosses {
  private final List<NDArray> unread = new ArrayList<>();
  private final Accumulation sums;

  /**
   * Creates an empty list.
   *
   * @param sums gets the losses
   */
  RecordedLosses(Accumulation sums) {
    this.sums = sums;
  }

  /** Takes note of a loss, borrowed from the batch; with several devices, several threads do. */
  synchronized void add(NDArray loss) {
    unread.add(loss);
  }

  /** Reads the losses before their batch is closed. */
  synchronized void read() {
    for (NDArray loss : unread) {
      if (loss.isReleased()) {
        sums.addUnknownLoss();
      } else {
        sums.addLoss(number(loss));
      }
    }
    unread.clear();
  }

  synchronized void clear() {
    unread.clear();
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
