package dev.glissade.tensorflow;

import dev.glissade.DType;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Per-example gradients with a leading batch axis, in memory that the next step uses again. */
final class StackedGradients {
  private final Map<String, ByteBuffer> memory = new HashMap<>();

  /** The rows of this step. */
  private final Map<String, ByteBuffer> rows = new LinkedHashMap<>();

  private int examples;
  private int added;

  /** Makes room for the gradients of some examples like the first. */
  void begin(Tree first, int examples) {
    this.examples = examples;
    added = 0;
    rows.clear();
    first.forEach((path, gradient) -> rows.put(path, room(path, bytes(gradient))));
  }

  private ByteBuffer room(String path, long each) {
    long bytes = each * examples;
    if (bytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "the gradients of %d examples for variable \"%s\" must have at most %d bytes, but had %d:"
                  .formatted(examples, path, Integer.MAX_VALUE, bytes)
              + " use smaller batches");
    }
    ByteBuffer all = memory.get(path);
    if (all == null || all.capacity() < bytes) {
      all = ByteBuffer.allocateDirect((int) bytes);
      memory.put(path, all);
    }
    return all.slice(0, (int) bytes).order(ByteOrder.nativeOrder());
  }

  private static long bytes(Tensor gradient) {
    DType dtype = gradient.dtype();
    int each = dtype == DType.FLOAT64 ? 8 : dtype == DType.FLOAT32 ? 4 : 2;
    return (long) each * gradient.size();
  }

  /** Copies an example's gradients to the next row. */
  void add(Tree gradients) {
    Map<String, Tensor> row = new LinkedHashMap<>();
    gradients.forEach((path, gradient) -> {
      int bytes = (int) bytes(gradient);
      ByteBuffer all = Objects.requireNonNull(rows.get(path));
      ByteBuffer one = all.slice(added * bytes, bytes).order(all.order());
      row.put(path, Tensor.wrap(gradient.dtype(), one, gradient.shape()));
    });
    gradients.copyTo(Tree.of(row));
    added++;
  }

  /** Returns the gradients of all examples. */
  Tree tree(Tree like) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    like.forEach((path, gradient) -> {
      int[] shape = gradient.shape();
      int[] batched = new int[shape.length + 1];
      batched[0] = examples;
      System.arraycopy(shape, 0, batched, 1, shape.length);
      ByteBuffer all = Objects.requireNonNull(rows.get(path));
      tensors.put(path, Tensor.wrap(gradient.dtype(), all, batched));
    });
    return Tree.of(tensors);
  }
}
