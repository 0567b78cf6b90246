package dev.glissade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.Arguments;

/** The passes of the optimizers of this module. */
class PassesTest extends PassesContract {
  @Override
  protected Stream<Arguments> steps() {
    GradientTransformation<?> clipped =
        Transforms.chain(Transforms.clipByGlobalNorm(1), Optimizers.adamw(1e-3));
    GradientTransformation<?> newton =
        Optimizers.lbfgs().learningRate(1e-3).memorySize(3).linesearch(Transforms.identity());
    return Stream.of(
        arguments("polyak_sgd", Optimizers.polyakSgd(), 2, 16),
        arguments("sgd", Optimizers.sgd(0.1), 1, 12),
        arguments("momentum", Optimizers.sgd(0.1).momentum(0.9), 1, 20),
        arguments("adamw", Optimizers.adamw(1e-3), 1, 28),
        arguments("lion", Optimizers.lion(1e-3), 1, 20),
        arguments("lion in bfloat16", Optimizers.lion(1e-3).muDtype(DType.BFLOAT16), 1, 16),
        arguments("nadamw", Optimizers.nadamw(1e-3), 1, 28),
        arguments("adamaxw", Optimizers.adamaxw(1e-3), 1, 28),
        arguments("amsgrad", Optimizers.amsgrad(1e-3), 1, 36),
        arguments("adabelief", Optimizers.adabelief(1e-3), 1, 28),
        arguments("yogi", Optimizers.yogi(1e-3), 1, 28),
        arguments("radam", Optimizers.radam(1e-3), 1, 28),
        arguments("radam later", Optimizers.radam(1e-3).b2(0.9), 1, 28),
        arguments("adan", Optimizers.adan(1e-3), 1, 44),
        arguments("sign_sgd", Optimizers.signSgd(1e-3), 1, 12),
        arguments("signum", Optimizers.signum(1e-3), 1, 20),
        arguments("adadelta", Optimizers.adadelta(1), 1, 28),
        arguments("rprop", Optimizers.rprop(1e-3), 1, 28),
        arguments("optimistic gradients", Optimizers.optimisticGradientDescent(1e-3), 1, 20),
        arguments("optimistic adam", Optimizers.optimisticAdamV2(1e-3), 1, 36),
        arguments("adam", Optimizers.adam(1e-3), 1, 28),
        arguments("adagrad", Optimizers.adagrad(1e-3), 1, 20),
        arguments("rmsprop", Optimizers.rmsprop(1e-3), 1, 20),
        arguments("adamax", Optimizers.adamax(1e-3), 1, 28),
        arguments("nadam", Optimizers.nadam(1e-3), 1, 28),
        arguments("lamb", Optimizers.lamb(1e-3), 2, 40),
        arguments("lars", Optimizers.lars(1e-3), 2, 28),
        arguments("novograd", Optimizers.novograd(1e-3), 2, 24),
        arguments("fromage", Optimizers.fromage(1e-3), 2, 20),
        arguments("sm3", Optimizers.sm3(1e-3), 1, 28),
        arguments("adafactor", Optimizers.adafactor(1e-3), 2, 32),
        arguments("lbfgs with 2 of 3 pairs", newton, 8, 140),
        arguments("clip + adamw", clipped, 2, 32));
  }

  @Test
  void theExplanationNamesWhatIsReadAndWritten() {
    assertThat(stepped(Optimizers.adamw(1e-3), 1).explain())
        .contains("reads [params, states/0/mu, gradients, states/0/nu]")
        .contains("28.0 bytes per parameter in all");
  }
}
