package dev.glissade.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.contrib.AllOptimizers;
import dev.glissade.testing.Problem;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Checkpoints between processes, and what happens to them when a process is killed or can't write.
 */
class ProcessesTest {
  private static final int KILLS = 4;

  @TempDir Path folder;

  @Test
  void everyOptimizerGoesOnInANewProcess() throws Exception {
    Map<String, Object> expected = new LinkedHashMap<>();
    for (String name : AllOptimizers.plain().keySet()) {
      expected.put(name, prepare(AllOptimizers.given(name), folder.resolve(name)));
    }
    run(Child.process("resume", folder.toString()), 0);
    for (String name : expected.keySet()) {
      Stepper<?> resumed = Checkpoint.load(folder.resolve(name)).stepper(AllOptimizers.given(name));
      assertThat(all(resumed)).as(name).isEqualTo(expected.get(name));
    }
  }

  /** Saves after n steps; what must be there after 2 n. */
  private static <S> Object prepare(GradientTransformation<S> optimizer, Path file)
      throws Exception {
    Stepper<S> stepper = Stepper.of(optimizer, Problem.params(DType.FLOAT32));
    for (int i = 0; i < 2 * Child.STEPS; i++) {
      if (i == Child.STEPS) {
        Checkpoint.of(stepper).step(i).save(file);
      }
      stepper.step(Problem.gradients(optimizer, DType.FLOAT32, i));
    }
    return all(stepper);
  }

  private static Object all(Stepper<?> stepper) {
    return ResumptionTest.bits(List.of(stepper.params(), stepper.liveState()));
  }

  private static String run(ProcessBuilder builder, int exitCode) throws Exception {
    Process process = builder.start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isEqualTo(exitCode);
    return printed;
  }

  private List<String> names(String below) throws Exception {
    try (Stream<Path> files = Files.list(folder.resolve(below))) {
      return files.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aWriterThatIsKilledInTheMiddleLeavesTheOlderFile() throws Exception {
    Checkpoints checkpoints = Checkpoints.in(Files.createDirectory(folder.resolve("run")));
    Path old = checkpoints.save(Checkpoint.of(Problem.params(DType.FLOAT32)));
    byte[] before = Files.readAllBytes(old);
    Process process = Child.process("half", folder.resolve("run").toString()).start();
    try (BufferedReader printed = process.inputReader()) {
      assertThat(printed.readLine()).isEqualTo("half written");
      process.destroyForcibly().waitFor();
    }
    assertThat(names("run")).filteredOn(name -> name.endsWith("glissade-tmp")).hasSize(1);
    assertThat(checkpoints.files()).containsExactly(old);
    assertThat(Files.readAllBytes(old)).isEqualTo(before);
    Path next = checkpoints.save(Checkpoint.of(Problem.params(DType.FLOAT32)).step(2));
    assertThat(checkpoints.files()).containsExactlyInAnyOrder(old, next);
    assertThat(names("run")).noneMatch(name -> name.endsWith("glissade-tmp"));
  }

  /** At any moment, which may be between two files. */
  @Test
  void aWriterThatIsKilledLeavesWholeFilesOnly() throws Exception {
    Random random = new Random(4);
    for (int kill = 0; kill < KILLS; kill++) {
      Process process = Child.process("save", folder.toString(), "4000000").start();
      try (BufferedReader printed = process.inputReader()) {
        String said = printed.readLine();
        assertThat(said).isEqualTo("saved 1");
        Thread.sleep(random.nextInt(60));
        process.destroyForcibly().waitFor();
      }
      long left = names(".").stream().filter(name -> name.endsWith("glissade-tmp")).count();
      assertThat(left).isLessThanOrEqualTo(1);
      Checkpoints checkpoints = Checkpoints.in(folder);
      assertThat(checkpoints.files()).isNotEmpty();
      for (Path file : checkpoints.files()) {
        Checkpoint checkpoint = Checkpoint.load(file);
        assertThat(checkpoint.params().get("x").toFloats()).containsOnly((float) checkpoint.step());
      }
      checkpoints.save(Checkpoint.of(Problem.params(DType.FLOAT32)));
      assertThat(names(".")).noneMatch(name -> name.endsWith("glissade-tmp"));
      for (Path file : checkpoints.files()) {
        Files.delete(file);
      }
    }
  }

  /** A limit of a file's size stands for a full disk. */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aWriteThatFailsLeavesTheOlderFilesAndNothingElse() throws Exception {
    Path old = Checkpoints.in(folder).save(Checkpoint.of(Problem.params(DType.FLOAT32)));
    byte[] before = Files.readAllBytes(old);
    ProcessBuilder child = Child.process("save", folder.toString(), "4000000");
    List<String> command = child.command();
    command.addAll(0, List.of("bash", "-c", "ulimit -f 1000; exec \"$@\"", "bash"));
    Path file = folder.resolve("checkpoint-000000000001.safetensors");
    assertThat(run(child, 3)).isEqualTo(file + ": can't be written: File too large\n");
    assertThat(names(".")).containsExactly(old.getFileName().toString());
    assertThat(Files.readAllBytes(old)).isEqualTo(before);
  }
}
