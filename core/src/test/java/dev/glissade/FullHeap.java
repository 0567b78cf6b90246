package dev.glissade;

import dev.glissade.optimizer.Optimizers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A program whose heap is full when it steps: the step is taken or changes nothing. */
final class FullHeap {
  private static final int SIZE = 300_000;

  private FullHeap() {}

  /** Prints "ok", or what is wrong. */
  public static void main(String[] arguments) {
    float[] numbers = new float[SIZE];
    Arrays.fill(numbers, 0.5f);
    float[] expected = new float[SIZE];
    for (int warm = 0; warm < 3; warm++) {
      Tree x = Tree.of("w", Tensor.of(numbers));
      Stepper<?> roomy = Stepper.of(Optimizers.sgd(0.1).momentum(0.9), x).threads(1);
      for (int i = 0; i <= warm; i++) {
        roomy.step(x);
      }
      System.arraycopy(roomy.params().get("w").toFloats(), 0, expected, 0, SIZE);
      Stepper<?> full = Stepper.of(Optimizers.sgd(0.1).momentum(0.9), x).threads(2);
      for (int i = 0; i < warm; i++) {
        full.step(x);
      }
      float before = full.params().get("w").toFloats()[0];
      String wrong = stepped(full, x, before, expected);
      if (wrong != null) {
        System.out.println(wrong);
        return;
      }
    }
    System.out.println("ok");
  }

  private static @Nullable String stepped(
      Stepper<?> stepper, Tree x, float before, float[] expected) {
    // Looking at the parameters allocates nothing later, when the heap is full.
    Tensor now = stepper.params().get("w");
    if (now.get(0) != before) {
      return "the parameters have changed before the step";
    }
    List<byte[]> hog = new ArrayList<>(300_000);
    fill(hog);
    boolean taken = false;
    while (!taken) {
      try {
        stepper.step(x);
        taken = true;
      } catch (OutOfMemoryError e) {
        if (hog.isEmpty()) {
          return "a step needs more than the whole heap";
        }
        for (int i = hog.size() / 10; i >= 0 && !hog.isEmpty(); i--) {
          hog.remove(hog.size() - 1);
        }
        if (now.get(0) != before || now.get(SIZE - 1) != before) {
          return "a step that threw has stored something";
        }
      }
    }
    hog.clear();
    return Arrays.equals(now.toFloats(), expected)
        ? null
        : "a step has other results where memory is short";
  }

  private static void fill(List<byte[]> hog) {
    for (int unit = 1 << 20; unit >= 16; unit /= 4) {
      try {
        while (true) {
          hog.add(new byte[unit]);
        }
      } catch (OutOfMemoryError e) {
        // as it should be
      }
    }
  }
}
