package dev.glissade.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamesTest {
  private static final List<String> ADAM =
      List.of("learning_rate", "b1", "b2", "eps", "eps_root", "nesterov", "weight_decay");
  private static final List<String> OPTIMIZERS =
      Catalog.standard().entries().stream().map(Entry::name).toList();

  @ParameterizedTest
  @CsvSource({
    "lr, learning_rate",
    "LR, learning_rate",
    "learningRate, learning_rate",
    "rate, learning_rate",
    "eta, learning_rate",
    "learning-rate, learning_rate",
    "learn_rate, learning_rate",
    "step_size, learning_rate",
    "laerning_rate, learning_rate",
    "wd, weight_decay",
    "weightDecay, weight_decay",
    "decay, weight_decay",
    "lambda, weight_decay",
    "beta1, b1",
    "beta_1, b1",
    "betas, b1",
    "momentum, b1",
    "beta2, b2",
    "rho, b2",
    "epsilon, eps",
    "Eps, eps",
    "nestrov, nesterov",
  })
  void argumentsByOtherNames(String other, String ours) {
    assertThat(Names.nearest(other, ADAM)).hasValue(ours);
  }

  @ParameterizedTest
  @CsvSource({
    "AdamW, adamw",
    "adam_w, adamw",
    "Adam, adam",
    "sgdm, sgd",
    "SGD, sgd",
    "rms_prop, rmsprop",
    "RMSProp, rmsprop",
    "adamx, adam",
    "ada_grad, adagrad",
    "adagard, adagrad",
    "Lion, lion",
    "clip-by-global-norm, clip_by_global_norm",
    "cosine, cosine_decay_schedule",
  })
  void optimizersByOtherNames(String other, String ours) {
    assertThat(Names.nearest(other, OPTIMIZERS)).hasValue(ours);
  }

  @ParameterizedTest
  @CsvSource({"x", "foo", "amsgrad_mode", "''", "___", "\u00fc", "dropout", "b"})
  void nothingIsNear(String other) {
    assertThat(Names.nearest(other, ADAM)).isEmpty();
    assertThat(Names.nearest("transformer", OPTIMIZERS)).isEmpty();
  }

  @Test
  void theHintIsEmptyWhereNothingIsNear() {
    assertThat(Names.hint("adamm", OPTIMIZERS)).isEqualTo(": did you mean \"adam\"?");
    assertThat(Names.hint("foo", List.of("bar", "quux"))).isEmpty();
    assertThat(Names.hint("foo", List.of())).isEmpty();
    assertThat(Names.hint("transformer", OPTIMIZERS)).isEmpty();
    assertThat(Names.nearest("x".repeat(1 << 20), OPTIMIZERS)).isEmpty();
  }
}
