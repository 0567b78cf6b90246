package dev.glissade.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.DType;
import dev.glissade.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MinibatchesTest {
  private static final int N = 23;

  private static Minibatches minibatches(DType type, Targets targets) {
    double[] numbers = IntStream.range(0, 2 * N).asDoubleStream().toArray();
    return Minibatches.of(Tensor.of(type, numbers, N, 2), targets, 5);
  }

  private static Targets labels() {
    return Targets.labels(IntStream.range(0, N).toArray());
  }

  private static List<Integer> order(Minibatches minibatches, int epoch) {
    List<Integer> order = new ArrayList<>();
    for (Batch batch : minibatches.epoch(epoch)) {
      assertThat(batch.size()).isBetween(4, 5);
      for (int i = 0; i < batch.size(); i++) {
        int example = (int) batch.inputs().get(2 * i) / 2;
        assertThat(batch.inputs().get(2 * i + 1)).isEqualTo(2 * example + 1);
        if (batch.targets() instanceof Targets.Labels labels) {
          assertThat(labels.at(i)).isEqualTo(example);
        } else {
          assertThat(((Targets.Values) batch.targets()).at(i, 0)).isEqualTo(example);
        }
        assertThat(batch.targets().weight(i)).isIn(1.0, (double) example);
        order.add(example);
      }
    }
    return order;
  }

  @Test
  void eachEpochHasEachExampleOnceInAnotherOrder() {
    Minibatches minibatches = minibatches(DType.FLOAT32, labels());
    assertThat(minibatches.batches()).isEqualTo(5);
    List<Integer> first = order(minibatches, 0);
    assertThat(first).containsExactlyInAnyOrderElementsOf(IntStream.range(0, N).boxed().toList());
    assertThat(order(minibatches, 0)).isEqualTo(first);
    assertThat(order(minibatches, 1)).isNotEqualTo(first);
    assertThat(order(minibatches.withSeed(1), 0)).isNotEqualTo(first);
  }

  @Test
  void valuesAndWeightsGoWithTheirExamples() {
    float[] weights = new float[N];
    float[] values = new float[N];
    for (int i = 0; i < N; i++) {
      weights[i] = i;
      values[i] = i;
    }
    assertThat(order(minibatches(DType.FLOAT64, Targets.values(values).weighted(weights)), 3))
        .hasSize(N);
    assertThat(order(minibatches(DType.FLOAT32, labels().weighted(weights)), 3)).hasSize(N);
  }

  @Test
  void noExamplesMakeNoBatches() {
    Minibatches none = Minibatches.of(Tensor.of(new float[0], 0, 2), Targets.labels(), 5);
    assertThat(none.epoch(0)).isEmpty();
  }

  @Test
  void aSizeOfZeroIsRefused() {
    assertThatThrownBy(() -> Minibatches.of(Tensor.of(new float[2], 1, 2), Targets.labels(0), 0))
        .hasMessage("size must be positive, but was 0");
  }
}
