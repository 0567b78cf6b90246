package dev.glissade.host;

import static java.util.Objects.requireNonNull;

import dev.glissade.Tensor;
import dev.glissade.Tree;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The gradients of the examples of a batch, with a leading batch axis, collected one by one. Their
 * memory is used again for the next batch.
 */
public final class ExampleRows {
  private final String remedy;
  private final Map<String, ByteBuffer> memory = new HashMap<>();

  /** The rows of this batch. */
  private final Map<String, ByteBuffer> rows = new LinkedHashMap<>();

  private Tree like = Tree.empty();
  private int examples;
  private int added;

  /**
   * Creates an empty collection.
   *
   * @param remedy what to do about too many examples, such as "use smaller batches"
   */
  public ExampleRows(String remedy) {
    this.remedy = remedy;
  }

  /**
   * Makes room for a batch.
   *
   * @param form a tree of the types and shapes of one example's gradients
   * @param count the number of examples
   * @throws IllegalArgumentException if the gradients of one parameter are too large for a buffer
   */
  public void begin(Tree form, int count) {
    like = form;
    examples = count;
    added = 0;
    rows.clear();
    form.forEach((path, gradient) -> rows.put(path, room(path, bytes(gradient))));
  }

  private ByteBuffer room(String path, long each) {
    long bytes = each * examples;
    if (bytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "the gradients of %d examples for parameter \"%s\" must have at most %d bytes, but had %d: %s"
              .formatted(examples, path, Integer.MAX_VALUE, bytes, remedy));
    }
    ByteBuffer all = memory.get(path);
    if (all == null || all.capacity() < bytes) {
      all = ByteBuffer.allocateDirect((int) bytes);
      memory.put(path, all);
    }
    return all.slice(0, (int) bytes).order(ByteOrder.nativeOrder());
  }

  private static long bytes(Tensor gradient) {
    return (long) gradient.dtype().bytes() * gradient.size();
  }

  /**
   * Copies the gradients of the next example.
   *
   * @param gradients a tree of the form that {@link #begin} was given
   */
  public void add(Tree gradients) {
    Map<String, Tensor> row = new LinkedHashMap<>();
    gradients.forEach((path, gradient) -> {
      int bytes = (int) bytes(gradient);
      ByteBuffer all = requireNonNull(rows.get(path));
      ByteBuffer one = all.slice(added * bytes, bytes).order(all.order());
      row.put(path, Tensor.wrap(gradient.dtype(), one, gradient.shape()));
    });
    gradients.copyTo(Tree.of(row));
    added++;
  }

  /** {@return the gradients of all examples, valid until the next batch} */
  public Tree tree() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    like.forEach((path, gradient) -> {
      ByteBuffer all = requireNonNull(rows.get(path));
      tensors.put(path, Tensor.wrap(gradient.dtype(), all, batched(gradient.shape())));
    });
    return Tree.of(tensors);
  }

  private int[] batched(int[] shape) {
    int[] batched = new int[shape.length + 1];
    batched[0] = examples;
    System.arraycopy(shape, 0, batched, 1, shape.length);
    return batched;
  }
}
