package dev.glissade.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.checkpoint.CheckpointException;
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import java.nio.file.Path;
import java.util.Map;
import org.bytedeco.pytorch.InputArchive;
import org.bytedeco.pytorch.OutputArchive;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Going on from files. */
class SavingTest {
  @TempDir Path folder;

  static void assertSame(Map<String, double[]> have, Map<String, double[]> want) {
    assertThat(have.keySet()).isEqualTo(want.keySet());
    have.forEach((path, numbers) -> assertThat(numbers).as(path).isEqualTo(want.get(path)));
  }

  private static void step(SmallNet net, TorchStepper stepper, int number) {
    net.pass(number);
    stepper.step();
  }

  @ParameterizedTest
  @ValueSource(strings = {"prodigy", "mechanize", "sam", "noisy_sgd", "schedule_free", "adamw"})
  void goesOnWithTheSameBits(String name) throws Exception {
    Path file = folder.resolve("state.safetensors");
    SmallNet net = new SmallNet();
    TorchStepper stepper = TorchStepper.of(net.named(), TrajectoryTest.optimizer(name));
    for (int number = 0; number < 12; number++) {
      if (number == 7) {
        stepper.checkpoint().save(file);
      }
      step(net, stepper, number);
    }
    SmallNet other = new SmallNet();
    TorchStepper resumed = TorchStepper.of(other.named(), TrajectoryTest.optimizer(name));
    other.pass(3); // is dropped
    resumed.resume(Checkpoint.load(file));
    assertThat(resumed.steps()).isEqualTo(7);
    for (int number = 7; number < 12; number++) {
      step(other, resumed, number);
    }
    assertSame(other.params(), net.params());
    assertThat(resumed.checkpoint().step()).isEqualTo(12);
    assertThat(resumed.estimates()).isEqualTo(stepper.estimates());
  }

  /** The module's own file has the frozen parameters and the buffers, and the same numbers. */
  @Test
  void standsBesideTheModulesOwnFile() throws Exception {
    SmallNet net = new SmallNet();
    TorchStepper stepper = TorchStepper.of(net.named(), Contrib.prodigy());
    for (int number = 0; number < 5; number++) {
      step(net, stepper, number);
    }
    OutputArchive out = new OutputArchive();
    net.module.save(out);
    out.save_to(folder.resolve("net.pt").toString());
    stepper.checkpoint().save(folder.resolve("state.safetensors"));
    step(net, stepper, 5);

    SmallNet other = new SmallNet();
    InputArchive in = new InputArchive();
    in.load_from(folder.resolve("net.pt").toString());
    other.module.load(in);
    Map<String, double[]> loaded = other.params();
    TorchStepper resumed = TorchStepper.of(other.named(), Contrib.prodigy());
    resumed.resume(Checkpoint.load(folder.resolve("state.safetensors")));
    assertSame(other.params(), loaded);
    step(other, resumed, 5);
    assertSame(other.params(), net.params());
  }

  @Test
  void anotherOptimizerOrModelIsRefusedAndChangesNothing() throws Exception {
    SmallNet net = new SmallNet();
    TorchStepper stepper = TorchStepper.of(net.named(), Contrib.prodigy());
    step(net, stepper, 0);
    Path file = folder.resolve("state.safetensors");
    stepper.checkpoint().save(file);
    Checkpoint checkpoint = Checkpoint.load(file);
    SmallNet other = new SmallNet();
    Map<String, double[]> before = other.params();
    TorchStepper adam = TorchStepper.of(other.named(), Optimizers.adam(0.1));
    assertThatThrownBy(() -> adam.resume(checkpoint))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("the optimizer differs");
    SmallNet larger = new SmallNet(ScalarType.Float, 7);
    TorchStepper ofLarger = TorchStepper.of(larger.named(), Contrib.prodigy());
    assertThatThrownBy(() -> ofLarger.resume(checkpoint))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("first.bias");
    assertSame(other.params(), before);
    step(other, adam, 0);
    assertThat(adam.steps()).isEqualTo(1);
  }

  /** In mid-accumulation: the gradients added up so far are part of the checkpoint. */
  @ParameterizedTest
  @EnumSource(
      value = ScalarType.class,
      names = {"Half", "Float", "Double"})
  void goesOnBetweenTwoCallsOfOneStep(ScalarType type) throws Exception {
    SmallNet net = new SmallNet(type, 4);
    TorchStepper stepper = TorchStepper.of(net.named(), Optimizers.adam(0.01)).accumulate(3);
    Path file = folder.resolve("state.safetensors");
    for (int call = 0; call < 9; call++) {
      if (call == 5) {
        stepper.checkpoint().save(file);
      }
      step(net, stepper, call);
    }
    Checkpoint checkpoint = Checkpoint.load(file);
    SmallNet other = new SmallNet(type, 4);
    TorchStepper resumed = TorchStepper.of(other.named(), Optimizers.adam(0.01));
    Map<String, double[]> before = other.params();
    assertThatThrownBy(() -> resumed.resume(checkpoint))
        .hasMessage(
            "accumulate must be 3, as in the checkpoint, which was saved after call 2 of 3, but"
                + " was 1");
    assertSame(other.params(), before);
    resumed.accumulate(3).resume(checkpoint);
    assertThatThrownBy(() -> resumed.accumulate(2))
        .hasMessage("accumulate must be set right after a step, but was set after call 2 of 3");
    for (int call = 5; call < 9; call++) {
      step(other, resumed, call);
    }
    assertSame(other.params(), net.params());
  }
}
