package dev.glissade.arena.inspect;

import dev.glissade.Tensor;
import dev.glissade.checkpoint.TensorInfo;
import java.util.List;

/**
 * One tensor of a file. Of a complex tensor the numbers are both parts; NaN stands for none.
 *
 * @param dtype its type in the file
 * @param min the least finite number
 * @param max the largest finite number
 * @param norm the root of the sum of squares of the finite numbers
 * @param nonFinite how many numbers are NaN or infinite
 */
public record TensorFacts(
    String name,
    List<Long> shape,
    String dtype,
    double min,
    double max,
    double norm,
    long nonFinite) {

  /** Of numbers that are not looked at, such as integers. */
  static TensorFacts of(TensorInfo info) {
    return new TensorFacts(
        info.name(), info.shape(), info.type().toString(), Double.NaN, Double.NaN, Double.NaN, 0);
  }

  static TensorFacts of(TensorInfo info, Tensor tensor) {
    Sum sum = new Sum();
    sum.add(tensor.real());
    if (tensor.dtype().isComplex()) {
      sum.add(tensor.imaginary());
    }
    return new TensorFacts(
        info.name(),
        info.shape(),
        info.type().toString(),
        sum.min,
        sum.max,
        sum.norm(),
        sum.nonFinite);
  }

  /** Squares are of numbers scaled by the largest so far, so that they cannot overflow. */
  private static final class Sum {
    private double min = Double.NaN;
    private double max = Double.NaN;
    private double scale;
    private double squares;
    private long finite;
    private long nonFinite;

    private void add(Tensor tensor) {
      for (int i = 0; i < tensor.size(); i++) {
        double x = tensor.get(i);
        if (!Double.isFinite(x)) {
          nonFinite++;
          continue;
        }
        min = finite == 0 ? x : Math.min(min, x);
        max = finite == 0 ? x : Math.max(max, x);
        finite++;
        double size = Math.abs(x);
        if (size > scale) {
          squares = squares * (scale / size) * (scale / size) + 1;
          scale = size;
        } else if (scale > 0) {
          squares += size / scale * (size / scale);
        }
      }
    }

    private double norm() {
      return finite == 0 ? Double.NaN : scale * Math.sqrt(squares);
    }
  }
}
