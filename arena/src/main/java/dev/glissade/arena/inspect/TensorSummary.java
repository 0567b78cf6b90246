package dev.glissade.arena.inspect;

import dev.glissade.checkpoint.CheckpointException;
import dev.glissade.checkpoint.Safetensors;
import dev.glissade.checkpoint.TensorInfo;
import java.util.List;
import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A summary of one tensor of a file. Its numbers are NaN if the tensor has no finite numbers or if
 * its type can't be read.
 *
 * @param dtype the type in the file
 * @param min the least finite number; for complex numbers the least real or imaginary part
 * @param max the largest finite number, or part
 * @param norm the square root of the sum of squares of the finite numbers, or parts
 * @param nonFinite the count of numbers that are NaN or infinite or have such a part; null if they
 *     can't be read
 */
public record TensorSummary(
    String name,
    List<Long> shape,
    String dtype,
    double min,
    double max,
    double norm,
    @Nullable Long nonFinite) {

  /** Summarizes a tensor, which may be larger than memory. */
  static TensorSummary of(Safetensors file, TensorInfo info) throws CheckpointException {
    String dtype = info.type().toString();
    if (!info.type().isReadable()) {
      return new TensorSummary(
          info.name(), info.shape(), dtype, Double.NaN, Double.NaN, Double.NaN, null);
    }
    Sum sum = new Sum(file.isComplex(info.name()) ? 2 : 1);
    file.numbers(info.name(), sum);
    return new TensorSummary(
        info.name(), info.shape(), dtype, sum.min, sum.max, sum.norm(), sum.nonFinite);
  }

  /** Sums the squares of the numbers divided by the largest so far, so they can't overflow. */
  private static final class Sum implements DoubleConsumer {
    private final int parts;
    private double min = Double.NaN;
    private double max = Double.NaN;
    private double scale;
    private double squares;
    private long nonFinite;

    /** The index of the next part of a number. */
    private int part;

    /** Whether an earlier part of the same number was not finite. */
    private boolean counted;

    Sum(int parts) {
      this.parts = parts;
    }

    @Override
    public void accept(double x) {
      counted &= part > 0;
      part = (part + 1) % parts;
      if (Double.isFinite(x)) {
        add(x);
      } else if (!counted) {
        counted = true;
        nonFinite++;
      }
    }

    private void add(double x) {
      // The first number replaces NaN.
      min = min <= x ? min : x;
      max = max >= x ? max : x;
      double size = Math.abs(x);
      if (size > scale) {
        squares = squares * (scale / size) * (scale / size) + 1;
        scale = size;
      } else if (scale > 0) {
        squares += size / scale * (size / scale);
      }
    }

    private double norm() {
      return Double.isNaN(min) ? Double.NaN : scale * Math.sqrt(squares);
    }
  }
}
