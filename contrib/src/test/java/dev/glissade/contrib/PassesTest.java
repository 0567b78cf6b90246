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
        arguments("laprop", Contrib.laprop(1e-3), 1, 28),
        arguments("mars", Contrib.mars(1e-3), 2, 44),
        arguments(
            "grokfast + adamw",
            Transforms.chain(Contrib.grokfastEma(), Optimizers.adamw(1e-3)),
            1,
            36),
        arguments("ftrl", Contrib.ftrl(0.1).l1(1), 1, 28),
        arguments(
            "cautious decay",
            Transforms.chain(
                Transforms.scaleByAdam(),
                Contrib.addCautiousWeightDecay(0.1),
                Transforms.scaleByLearningRate(1e-3)),
            1,
            28),
        arguments("acprop", Contrib.acprop(0.1), 1, 28),
        arguments("ademamix", Contrib.ademamix(0.1), 1, 36),
        arguments("simplified_ademamix", Contrib.simplifiedAdemamix(0.1), 1, 28),
        arguments("adopt", Contrib.adopt(0.1), 1, 28),
        arguments("madgrad", Contrib.madgrad(0.1), 1, 32),
        arguments("dog", Contrib.dog(), 2, 24),
        arguments("dowg", Contrib.dowg(), 2, 24),
        arguments("stable_adamw", Contrib.stableAdamw(0.1), 2, 36),
        arguments("adam_mini", Contrib.adamMini(0.1), 2, 24),
        arguments("momo", Contrib.momo(), 2, 28),
        arguments("momo_adam", Contrib.momoAdam(), 2, 40),
        arguments(
            "sgd, reduce_on_plateau",
            Transforms.chain(Optimizers.sgd(0.1), Contrib.reduceOnPlateau()),
            1,
            12),
        arguments("sophia between estimates", Contrib.sophia(0.1), 1, 24),
        arguments("schedule_free_sgd", Contrib.scheduleFreeSgd(0.1), 1, 20),
        arguments("schedule_free_adamw", Contrib.scheduleFreeAdamw(), 1, 28),
        arguments("mechanize(adamw)", Contrib.mechanize(Optimizers.adamw(1.0)), 2, 44));
  }

  /** Beside the bytes of each parameter it reads and writes one number of each leaf. */
  @Test
  void aCautiousStepTakesTwoPasses() {
    List<PassReport> adamw = planned(Contrib.cautious(Optimizers.adamw(1e-3)), 3);
    assertThat(adamw).hasSize(2);
    assertThat(bytes(adamw)).isBetween(40.0, 40.1);
    List<PassReport> lion = planned(Contrib.cautious(Optimizers.lion(1e-4)), 3);
    assertThat(lion).hasSize(2);
    assertThat(bytes(lion)).isBetween(32.0, 32.1);
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
