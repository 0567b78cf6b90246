package dev.glissade.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.privacy.Clipping;
import dev.glissade.privacy.PrivateTraining;
import java.util.Map;
import org.bytedeco.pytorch.BatchNorm1dImpl;
import org.bytedeco.pytorch.BatchNormOptions;
import org.junit.jupiter.api.Test;

/** Private training of libtorch's modules. */
class PrivateTorchTrainerTest {
  private static PrivateTraining plain(Tree params) {
    return PrivateTraining.of(Optimizers.sgd(0.01), params, 4, 1, new Clipping.Flat(1000), 1e-6);
  }

  private static PrivateTorchTrainer trainer(SmallNet net) {
    return PrivateTorchTrainer.of(
        net.module, example -> net.loss(1, example), PrivateTorchTrainerTest::plain);
  }

  /** With all examples in each batch, next to no noise and no clipping it is the mean's step. */
  @Test
  void isTrainingByMeanGradientsButForClippingAndNoise() {
    SmallNet secret = new SmallNet();
    SmallNet open = new SmallNet();
    PrivateTorchTrainer training = trainer(secret);
    TorchStepper usual = TorchStepper.of(open.named(), Optimizers.sgd(0.01));
    for (int step = 0; step < 10; step++) {
      assertThat(training.step()).isTrue();
      secret.gradients().values().forEach(g -> assertThat(g).containsOnly(0));
      open.pass(1);
      usual.step();
    }
    Map<String, double[]> want = open.params();
    secret
        .params()
        .forEach((path, have) ->
            assertThat(have).as(path).containsExactly(want.get(path), within(1e-3)));
    assertThat(training.training().steps()).isEqualTo(10);
  }

  @Test
  void stopsWhenTheBudgetIsSpent() {
    SmallNet net = new SmallNet();
    PrivateTorchTrainer training =
        PrivateTorchTrainer.of(
            net.module,
            example -> net.loss(1, example % 4),
            params ->
                PrivateTraining.of(Optimizers.sgd(0.1), params, 100, 0.1, new Clipping.Flat(1), 2)
                    .budget(1, 1e-5));
    long all = training.training().stepsLeft();
    int taken = 0;
    while (taken < 1000 && training.step()) {
      taken++;
    }
    assertThat((long) taken).isEqualTo(all).isPositive();
    Map<String, double[]> params = net.params();
    assertThat(training.step()).isFalse();
    SavingTest.assertSame(net.params(), params);
    assertThat(training.training().guarantee(1e-5).epsilon()).isLessThanOrEqualTo(1);
  }

  @Test
  void statisticsOfTheDataAreRefused() {
    SmallNet net = new SmallNet();
    net.module.register_module("norm", new BatchNorm1dImpl(new BatchNormOptions(4)));
    assertThatThrownBy(() -> trainer(net))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the model must not keep statistics of its data, since they get no noise, but had"
                + " \"norm.running_mean\": use a normalization of single examples, such as"
                + " GroupNorm");
  }

  @Test
  void otherParametersAreRefused() {
    SmallNet net = new SmallNet();
    assertThatThrownBy(() ->
            PrivateTorchTrainer.of(
                net.module,
                example -> net.loss(1, example),
                params -> plain(Tree.of("x", Tensor.of(new float[] {1})))))
        .hasMessageContaining("the training must have the parameters that the function was given");
    PrivateTorchTrainer training = trainer(net);
    assertThat(training.step()).isTrue();
    net.first.weight().requires_grad_(false);
    assertThatThrownBy(training::step)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the trained parameters must stay [first.weight, first.bias")
        .hasMessageContaining("in the same memory, but were [first.bias");
  }
}
