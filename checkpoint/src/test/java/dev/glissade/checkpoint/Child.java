package dev.glissade.checkpoint;

import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.contrib.AllOptimizers;
import dev.glissade.testing.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a test does in a process of its own. */
final class Child {
  static final int STEPS = 5;

  private Child() {}

  /** Starts a process; the arguments are a verb and its own. */
  static ProcessBuilder process(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx1g", "-XX:-UsePerfData"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Child.class.getName()));
    command.addAll(Arrays.asList(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true);
  }

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[1]);
    switch (arguments[0]) {
      case "resume" -> {
        for (String name : AllOptimizers.plain().keySet()) {
          resume(AllOptimizers.given(name), folder.resolve(name));
        }
      }
      case "half" -> half(folder);
      case "save" -> save(folder, Integer.parseInt(arguments[2]));
      case "race" -> race(folder, Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
      case "overwrite" -> overwrite(folder, Integer.parseInt(arguments[2]));
      case "lock" -> lock(folder);
      case "equal" -> EqualBytesTest.write(folder);
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static <S> void resume(GradientTransformation<S> optimizer, Path file)
      throws IOException {
    Checkpoint checkpoint = Checkpoint.load(file);
    Stepper<S> stepper = checkpoint.stepper(optimizer);
    for (long i = checkpoint.step(); i < 2 * STEPS; i++) {
      stepper.step(Problem.gradients(optimizer, DType.FLOAT32, (int) i));
    }
    Checkpoint.of(stepper).step(2 * STEPS).save(file);
  }

  /** Saves checkpoints of ever later steps, of which one is kept. */
  private static void race(Path folder, int first, int times) throws IOException {
    Checkpoints checkpoints = Checkpoints.in(folder).keep(1);
    for (int i = 0; i < times; i++) {
      checkpoints.save(full(first + 100 * i));
    }
  }

  /** Saves checkpoints under one name. */
  private static void overwrite(Path file, int times) throws IOException {
    for (int i = 0; i < times; i++) {
      full(i).save(file);
    }
  }

  /** A checkpoint of a step whose numbers are the step. */
  private static Checkpoint full(int step) {
    float[] params = new float[1000];
    Arrays.fill(params, step);
    return Checkpoint.of(Tree.of("x", Tensor.wrap(params))).step(step);
  }

  /** Holds a folder until the process is killed. */
  private static void lock(Path folder) throws IOException {
    try (FolderLock held = Checkpoints.in(folder).lock()) {
      System.out.println("locked " + held);
      System.in.read();
    }
  }

  /** Writes the first half of a checkpoint, says so, and waits to be killed. */
  private static void half(Path folder) throws IOException {
    Path whole = folder.resolveSibling("whole");
    full(1).save(whole);
    byte[] bytes = Files.readAllBytes(whole);
    AtomicFile.write(
        folder.resolve("checkpoint-000000000001.safetensors"),
        file -> {
          AtomicFile.writeFully(file, ByteBuffer.wrap(bytes, 0, bytes.length / 2));
          System.out.println("half written");
          System.in.read();
        });
  }

  /** Saves checkpoints of this number of numbers until it is killed or can't. */
  private static void save(Path folder, int numbers) {
    Checkpoints checkpoints = Checkpoints.in(folder).keep(2);
    float[] params = new float[numbers];
    try {
      for (int step = 1; ; step++) {
        Arrays.fill(params, step);
        checkpoints.save(Checkpoint.of(Tree.of("x", Tensor.wrap(params))).step(step));
        System.out.println("saved " + step);
      }
    } catch (CheckpointException e) {
      System.out.println(e.getMessage());
      System.exit(3);
    }
  }
}
