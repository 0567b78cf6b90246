package dev.glissade.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.glissade.privacy.accounting.Adjacency;
import dev.glissade.privacy.accounting.LossDistributionAccountant;
import dev.glissade.privacy.accounting.RenyiAccountant;
import dev.glissade.privacy.accounting.SampledGaussian;
import dev.glissade.privacy.accounting.ShuffledGaussian;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SamplerTest {

  @Test
  void eachExampleIsSampledByItself() {
    PoissonSampler sampler = new PoissonSampler(1000, 0.1, new SplittableRandom(5));
    int[] drawn = new int[1000];
    double sizes = 0;
    double squares = 0;
    for (int i = 0; i < 10_000; i++) {
      int[] batch = sampler.next();
      for (int example : batch) {
        drawn[example]++;
      }
      sizes += batch.length;
      squares += (batch.length - 100.0) * (batch.length - 100.0);
    }
    assertThat(sizes / 10_000).isCloseTo(100, offset(0.5));
    assertThat(squares / 10_000).isCloseTo(90, offset(7.0));
    assertThat(Arrays.stream(drawn).min().orElseThrow()).isGreaterThan(840);
    assertThat(new PoissonSampler(5, 0, new SplittableRandom(1)).next()).isEmpty();
    assertThat(new PoissonSampler(5, 1, new SplittableRandom(1)).next())
        .containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void anEpochOfShuffledBatchesHasEachExampleOnceAtMost() {
    ShuffledSampler sampler = new ShuffledSampler(103, 10, new SplittableRandom(3));
    int[] ever = new int[103];
    for (int epoch = 0; epoch < 200; epoch++) {
      int[] drawn = new int[103];
      for (int i = 0; i < 10; i++) {
        int[] batch = sampler.next();
        assertThat(batch).hasSize(10);
        for (int example : batch) {
          drawn[example]++;
          ever[example]++;
        }
      }
      assertThat(Arrays.stream(drawn).max().orElseThrow()).isEqualTo(1);
    }
    assertThat(Arrays.stream(ever).min().orElseThrow()).isGreaterThan(170);
    assertThat(sampler.expectedBatch()).isEqualTo(10);
    assertThat(new PoissonSampler(2_000_000_000, 0, new SplittableRandom(1)).expectedBatch())
        .isZero();
    assertThatThrownBy(() -> new ShuffledSampler(10, 11, new SplittableRandom(1)))
        .hasMessage("batch must be from 1 to examples, but was 11");
  }

  /** Each epoch counts as one sum without sampling. */
  @Test
  void shuffledBatchesAreNotAmplified() {
    RenyiAccountant shuffled = new RenyiAccountant();
    shuffled.add(new ShuffledGaussian(103, 10, 1.5, 3));
    RenyiAccountant whole = new RenyiAccountant();
    whole.add(new SampledGaussian(1, 1.5, 3));
    assertThat(shuffled.epsilon(1e-5).epsilon()).isEqualTo(whole.epsilon(1e-5).epsilon());
    assertThat(shuffled.epsilon(1e-5).adjacency()).isEqualTo(Adjacency.ZERO_OUT_ONE);
    assertThat(whole.epsilon(1e-5).adjacency()).isEqualTo(Adjacency.ADD_OR_REMOVE_ONE);
    LossDistributionAccountant mixed = new LossDistributionAccountant();
    mixed.add(new SampledGaussian(0.1, 1.5, 21));
    double poisson = mixed.epsilon(1e-5).epsilon();
    mixed.add(new ShuffledGaussian(103, 10, 1.5, 1));
    assertThat(mixed.epsilon(1e-5).epsilon()).isGreaterThan(poisson);
    assertThat(mixed.epsilon(1e-5).adjacency()).isEqualTo(Adjacency.ZERO_OUT_ONE);
  }
}
