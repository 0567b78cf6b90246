package dev.glissade.contrib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.glissade.GradientTransformation;
import dev.glissade.PassesContract;
import dev.glissade.fuse.run.PassReport;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.Arguments;

/** The passes of the optimizers of this module. */
class PassesTest extends PassesContract {
  @Override
  protected Stream<Arguments> steps() {
    return Stream.of(
        arguments("cocob", Contrib.cocob(), 1, 48),
        arguments("dadapt_adamw", Contrib.dadaptAdamw(), 1, 36),
        arguments("prodigy", Contrib.prodigy(), 2, 48),
        arguments("schedule_free_sgd", Contrib.scheduleFreeSgd(0.1), 1, 20),
        arguments("schedule_free_adamw", Contrib.scheduleFreeAdamw(), 1, 28),
        arguments("mechanize(adamw)", Contrib.mechanize(Optimizers.adamw(1.0)), 2, 44));
  }

  @Test
  void samClimbsInTwoPassesAndDescendsInOne() {
    GradientTransformation<?> sam =
        Contrib.sam(
            Optimizers.sgd(0.1), Transforms.chain(Contrib.normalize(), Optimizers.sgd(0.05)));
    List<PassReport> climb = planned(sam, 3);
    List<PassReport> descent = planned(sam, 4);
    assertThat(climb).hasSize(2);
    assertThat(descent).hasSize(1);
    assertThat((bytes(climb) + bytes(descent)) / 2).isEqualTo(16);
  }
}
