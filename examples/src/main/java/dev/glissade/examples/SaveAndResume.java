package dev.glissade.examples;

import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.contrib.Contrib;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Stops a run in the middle and resumes it from a file.
 *
 * <p>A checkpoint holds the params, the optimizer's state and the number of steps. A resumed run
 * gives the same bits as one without a stop, as this program shows.
 */
public final class SaveAndResume {
  private SaveAndResume() {}

  public static void main(String[] args) throws IOException {
    Tree start = Tree.of("w", Tensor.of(new float[] {3, -2}));
    Stepper<?> whole = Stepper.of(Contrib.prodigy(), start);
    train(whole, 100);

    Path file = Files.createTempFile("run", ".safetensors");
    try {
      Stepper<?> first = Stepper.of(Contrib.prodigy(), start);
      train(first, 40);
      Checkpoint.of(first).save(file);

      // Perhaps in another process: the file and the same optimizer suffice to resume.
      Stepper<?> second = Checkpoint.load(file).stepper(Contrib.prodigy());
      System.out.println("resumed at step: " + second.steps());
      train(second, 60);

      print("without a stop", whole.params());
      print("with a stop", second.params());
      System.out.println("same bits: " + whole.params().sameBits(second.params()));
    } finally {
      Files.delete(file);
    }
  }

  private static void print(String how, Tree params) {
    float[] w = params.get("w").toFloats();
    System.out.printf("%s: %.4f %.4f%n", how, w[0], w[1]);
  }

  private static void train(Stepper<?> stepper, int steps) {
    for (int step = 0; step < steps; step++) {
      Tree gradients = stepper.params().minus(1).times(2); // of (w - 1)^2
      stepper.step(gradients.evaluate());
    }
  }
}
