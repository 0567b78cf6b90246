package dev.glissade.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.Extras;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;

class AccumulationTest {
  private static Accumulation of(int calls) {
    Accumulation made = new Accumulation();
    made.calls(calls, Optimizers.sgd(1));
    return made;
  }

  private static double loss(Accumulation accumulation) {
    Extras extras = accumulation.withLoss(Extras.NONE);
    return extras.has("value") ? extras.value().value() : Double.NaN;
  }

  @Test
  void theLastCallSteps() {
    Accumulation three = of(3);
    for (int step = 0; step < 2; step++) {
      for (int call = 0; call < 2; call++) {
        three.addLoss(call);
        assertThat(three.isLast()).isFalse();
        three.await();
      }
      three.addLoss(5);
      assertThat(three.isLast()).isTrue();
      assertThat(loss(three)).isEqualTo(2);
      three.clear();
    }
    assertThat(of(1).isLast()).isTrue();
    assertThat(loss(of(1))).isNaN();
  }

  @Test
  void theMeanLossIsGivenOnlyIfAllAreKnown() {
    Accumulation two = of(2);
    two.addUnknownLoss();
    two.await();
    two.addLoss(5);
    assertThat(loss(two)).isNaN();
    Extras own = Extras.NONE.withValue(7);
    two.clear();
    two.addLoss(5);
    assertThat(two.withLoss(own)).isSameAs(own);
    assertThat(loss(two)).isEqualTo(5);
  }

  @Test
  void aCheckpointKeepsCallsAndLosses() throws Exception {
    for (double first : new double[] {0.1, Double.NaN, Double.POSITIVE_INFINITY}) {
      Accumulation three = of(3);
      three.addLoss(first);
      three.await();
      Tree sums = Tree.of("a", Tensor.of(new float[] {1, 2}));
      Checkpoint checkpoint = Checkpoint.of(sums, Optimizers.sgd(1), Optimizers.sgd(1).init(sums));
      ByteArrayOutputStream file = new ByteArrayOutputStream();
      three.state(4).addTo(checkpoint, () -> sums).save(file);
      byte[] bytes = file.toByteArray();
      Checkpoint loaded = Checkpoint.load(new ByteArrayInputStream(bytes), bytes.length);
      TrainerState saved = TrainerState.of(loaded);
      assertThat(saved.skipped()).isEqualTo(4);
      assertThatThrownBy(() -> saved.gradients(loaded, 2, sums))
          .hasMessage(
              "accumulate must be 3, as in the checkpoint, which was saved after call 1 of 3, but"
                  + " was 2");
      Tree read = saved.gradients(loaded, 3, sums);
      assertThat(read).isNotNull();
      assertThat(read.get("a").toFloats()).containsExactly(1, 2);
      Accumulation again = of(3);
      again.resume(saved);
      assertThat(again.waiting()).isEqualTo(1);
      again.addLoss(0.3);
      assertThat(loss(again)).isEqualTo(Double.valueOf((first + 0.3) / 2)); // NaN too
    }
  }

  @Test
  void whatCannotBeAccumulatedSaysSo() {
    Accumulation two = of(2);
    assertThat(two.whyNotAgain())
        .isEqualTo("accumulate must be 1 for an optimizer that asks for more gradients, but was 2");
    assertThat(of(1).whyNotAgain()).isNull();
    two.await();
    assertThatThrownBy(() -> two.calls(3, Optimizers.sgd(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("accumulate must be set right after a step, but was set after call 1 of 2");
    assertThat(two.calls()).isEqualTo(2);
    assertThatThrownBy(() -> of(0)).hasMessage("accumulate must be at least 1, but was 0");
    assertThatThrownBy(() -> new Accumulation().calls(2, Contrib.dpsgd(0.3, 5, 0.01, 7)))
        .hasMessage("accumulate must be 1 for an optimizer of per-example gradients, but was 2");
  }
}
