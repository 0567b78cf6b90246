package dev.glissade.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.DType;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.optimizer.Optimizers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sums of the parts of a batch give the sum of the batch. */
class ClippedSumTest {
  private static final int SIZE = 37;
  private static final Clipping CLIPPING = new Clipping.Flat(0.7);

  private static Tree gradient(SplittableRandom random, DType dtype) {
    // A small spread, so that the sums become as large as they can.
    double[] numbers = random.doubles(SIZE, 2, 4).toArray();
    return Tree.of("w", Tensor.of(dtype, numbers, SIZE));
  }

  private static PrivateAggregator aggregator(Tree params) {
    return new PrivateAggregator(params, CLIPPING, 1.3, 100, new SecureNoise());
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64", "BFLOAT16"})
  void partsOfAnySizesGiveTheSameBits(DType dtype) {
    SplittableRandom random = new SplittableRandom(5);
    Tree params = gradient(random, dtype);
    List<Tree> gradients = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      Tree gradient = gradient(random, dtype).as(params.structure().computed()).evaluate();
      gradients.add(gradient);
    }
    PrivateAggregator whole = aggregator(params);
    gradients.forEach(whole::add);
    for (int[] ends :
        new int[][] {{500}, {0, 500}, {1, 499, 500}, {14, 29, 43, 500}, {7, 14, 450, 464, 500}}) {
      PrivateAggregator joined = aggregator(params);
      int from = 0;
      for (int end : ends) {
        ClippedSum part = new ClippedSum(params, joined.terms());
        gradients.subList(from, end).forEach(part::add);
        from = end;
        joined.add(part);
      }
      assertThat(joined.examples()).isEqualTo(500);
      assertThat(joined.exactSum("w")).as(Arrays.toString(ends)).isEqualTo(whole.exactSum("w"));
      joined.add(gradients.get(0));
      assertThat(joined.exactSum("w")).isNotEqualTo(whole.exactSum("w"));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64", "BFLOAT16"})
  void bytesKeepASum(DType dtype) {
    SplittableRandom random = new SplittableRandom(6);
    Tree params = gradient(random, dtype);
    PrivateAggregator whole = aggregator(params);
    whole.reportNorms(report -> {});
    ClippedSum part = new ClippedSum(params, whole.terms());
    for (int i = 0; i < 40; i++) {
      part.add(gradient(random, dtype).as(params.structure().computed()).evaluate());
    }
    byte[] bytes = part.toBytes();
    ClippedSum read = ClippedSum.ofBytes(params, whole.terms(), bytes);
    assertThat(read.examples()).isEqualTo(40);
    assertThat(read.toBytes()).isEqualTo(bytes);
    whole.add(part);
    double[] once = whole.exactSum("w");
    whole.add(read);
    double[] twice = whole.exactSum("w");
    for (int i = 0; i < SIZE; i++) {
      assertThat(twice[i]).isEqualTo(2 * once[i]);
    }
    for (byte[] wrong :
        List.of(
            new byte[0],
            Arrays.copyOf(bytes, bytes.length - 1),
            Arrays.copyOf(bytes, bytes.length + 1))) {
      refuses(params, part.terms(), wrong, " bytes, but was " + wrong.length);
    }
    ByteBuffer changed = ByteBuffer.wrap(bytes.clone());
    refuses(params, part.terms(), changed.putInt(24, 1 << 30).array(), "2^19 examples, but was ");
    refuses(params, part.terms(), changed.putInt(24, -1).array(), "2^19 examples, but was -1");
    byte[] infinite = bytes.clone();
    Arrays.fill(infinite, bytes.length - 8, bytes.length, (byte) 0x7f);
    infinite[bytes.length - 7] = infinite[bytes.length - 3] = (byte) 0xff;
    refuses(params, part.terms(), infinite, "finite, but was NaN");
    ClippedSum.Terms terms = part.terms();
    for (ClippedSum.Terms other :
        List.of(
            new ClippedSum.Terms(CLIPPING, 2, terms.gridStep(), true, terms.batch()),
            new ClippedSum.Terms(CLIPPING, 0.7, 2, true, terms.batch()),
            new ClippedSum.Terms(CLIPPING, 0.7, terms.gridStep(), true, 5))) {
      refuses(params, other, bytes, ", but was ");
    }
  }

  private static void refuses(Tree params, ClippedSum.Terms terms, byte[] bytes, String part) {
    assertThatThrownBy(() -> ClippedSum.ofBytes(params, terms, bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the bytes of a part must be ")
        .hasMessageContaining(part);
  }

  /** No sum counts for two batches. */
  @Test
  void aPartOfAnEarlierBatchIsRefused() {
    Tree params = Tree.of("w", Tensor.of(new float[2]));
    PrivateTraining training =
        PrivateTraining.of(Optimizers.sgd(1.0), params, 3, 1.0, new Clipping.Flat(1), 1);
    training.draw();
    ClippedSum old = new ClippedSum(params, training.terms());
    training.draw();
    assertThatThrownBy(() -> training.add(old))
        .hasMessageStartingWith("the part must have the terms");
  }

  @Test
  void othersDrawTheirPartsOfABatch() {
    Tree params = Tree.of("w", Tensor.of(new double[1]));
    PrivateTraining training =
        PrivateTraining.sampledElsewhere(
                Optimizers.sgd(1.0), params, 2000, 0.5, new Clipping.Flat(1), 0.8)
            .budget(20, 1e-5);
    byte[] secret = new byte[32];
    assertThatThrownBy(training::finish).hasMessage("a batch must be begun first: call begin");
    assertThatThrownBy(training::draw).hasMessageContaining("call begin");
    int steps = 0;
    while (training.begin(2)) {
      secret[0] = (byte) steps++;
      for (int process = 0; process < 2; process++) {
        ClippedSum part = new ClippedSum(params, training.terms());
        int[] batch = PoissonSampler.of(1000, 0.5, secret, process).next();
        assertThat(batch.length).isBetween(400, 600);
        for (int example : batch) {
          part.add(Tree.of("w", Tensor.of(new double[] {1})));
        }
        if (process == 1) {
          assertThatThrownBy(training::finish)
              .hasMessage("the batch must have all parts, but had none of the numbers {1}");
        }
        training.add(process, part);
        assertThatThrownBy(() -> training.add(0, part))
            .hasMessageStartingWith("the part must be among those missing, {");
        assertThatThrownBy(() -> training.add(part)).hasMessageContaining("call add(number, part)");
      }
      training.finish();
    }
    PrivateTraining alone =
        PrivateTraining.of(Optimizers.sgd(1.0), params, 2000, 0.5, new Clipping.Flat(1), 0.8)
            .budget(20, 1e-5);
    assertThat(training.steps()).isEqualTo(steps).isEqualTo(alone.stepsLeft()).isPositive();
    assertThat(training.guarantee(1e-5).epsilon()).isLessThanOrEqualTo(20);
    // Each step moves by about 1: the sum of about 1,000 ones, divided by 1,000.
    assertThat(training.params().get("w").get(0) / steps)
        .isCloseTo(-1, org.assertj.core.data.Offset.offset(0.1));
    assertThatThrownBy(() -> alone.begin(2))
        .hasMessageStartingWith("the batch must be drawn by draw");
  }

  @Test
  void aSecretDeterminesTheBatchesOfEachPart() {
    byte[] secret = new byte[32];
    int[] batch = PoissonSampler.of(1000, 0.3, secret, 0).next();
    assertThat(PoissonSampler.of(1000, 0.3, secret, 0).next()).isEqualTo(batch);
    assertThat(PoissonSampler.of(1000, 0.3, secret, 1).next()).isNotEqualTo(batch);
    secret[31] = 1;
    assertThat(PoissonSampler.of(1000, 0.3, secret, 0).next()).isNotEqualTo(batch);
    assertThatThrownBy(() -> PoissonSampler.of(1000, 0.3, new byte[5], 0))
        .hasMessage("secret must have 32 bytes, but had 5");
  }

  @Test
  void aPartBeginsAnewOnTheNextBatch() {
    Tree params = gradient(new SplittableRandom(1), DType.FLOAT32);
    PrivateAggregator whole = aggregator(params);
    ClippedSum part = new ClippedSum(params, whole.terms());
    part.add(params);
    part.begin(whole.terms());
    assertThat(part.examples()).isZero();
    whole.add(part);
    assertThat(whole.exactSum("w")).containsOnly(0);
  }

  @Test
  void theAdaptiveClipCountsTheNormsOfAllParts() {
    Tree params = Tree.of("w", Tensor.of(new float[1]));
    Clipping clipping = new Clipping.Adaptive(1, 0.5, 0.2, 1e-9);
    double[] clips = new double[2];
    for (int parts = 1; parts <= 2; parts++) {
      PrivateAggregator sums =
          new PrivateAggregator(params, clipping, 0, 10, new ReproducibleNoise(1));
      ClippedSum part = new ClippedSum(params, sums.terms());
      for (int i = 0; i < 10; i++) {
        Tree gradient = Tree.of("w", Tensor.of(new float[] {i < 8 ? 0.5f : 2}));
        if (parts == 1 || i % 2 == 0) {
          sums.add(gradient);
        } else {
          part.add(gradient);
        }
      }
      sums.add(part);
      sums.result();
      clips[parts - 1] = sums.l2NormClip();
    }
    assertThat(clips[1]).isEqualTo(clips[0]).isLessThan(1);
  }

  @Test
  void normsOfPartsAreReported() {
    Tree params = Tree.of("w", Tensor.of(new float[1]));
    PrivateAggregator sums = aggregator(params);
    List<NormReport> reports = new ArrayList<>();
    sums.reportNorms(reports::add);
    ClippedSum part = new ClippedSum(params, sums.terms());
    part.add(Tree.of("w", Tensor.of(new float[] {3})));
    sums.add(Tree.of("w", Tensor.of(new float[] {1})));
    sums.add(part);
    sums.result();
    assertThat(reports.get(0).examples()).isEqualTo(2);
    assertThat(reports.get(0).quantile(1)).isEqualTo(3);
  }

  @Test
  void workersShareTheBatch() {
    Tree params = Tree.of("w", Tensor.of(new double[3]));
    int examples = 100;
    PrivateTraining training =
        PrivateTraining.of(Optimizers.sgd(1.0), params, examples, 1.0, new Clipping.Flat(1), 1e-6);
    int[] seen = new int[examples];
    ExampleGradient worker =
        (at, example) -> {
          synchronized (seen) {
            seen[example]++;
          }
          double[] gradient = {example % 2, 0, -1};
          return Tree.of("w", Tensor.of(gradient));
        };
    assertThat(training.step(List.of(worker, worker, worker))).isTrue();
    assertThat(seen).containsOnly(1);
    // Half of the gradients are (0, 0, -1) and half are (1, 0, -1) with the norm sqrt(2).
    double half = Math.sqrt(0.5) / 2;
    double[] expected = {-half, 0, 0.5 + half};
    double[] actual = training.params().get("w").toDoubles();
    for (int i = 0; i < 3; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], org.assertj.core.data.Offset.offset(1e-5));
    }
  }

  @Test
  void aWorkerThatThrowsChangesNothing() {
    Tree params = Tree.of("w", Tensor.of(new double[3]));
    PrivateTraining training =
        PrivateTraining.of(Optimizers.sgd(1.0), params, 100, 1.0, new Clipping.Flat(1), 1);
    ExampleGradient fails =
        (at, example) -> {
          throw new IllegalStateException("no gradient");
        };
    ExampleGradient works = (at, example) -> Tree.of("w", Tensor.of(new double[] {1, 1, 1}));
    assertThatThrownBy(() -> training.step(List.of(works, fails)))
        .hasMessageContaining("no gradient");
    assertThat(training.steps()).isZero();
    assertThat(training.spent()).isZero();
    assertThat(training.params().get("w").toDoubles()).containsOnly(0);
    assertThat(training.step(List.of(works, works))).isTrue();
  }

  @Test
  void wrongPartsAreRefused() {
    Tree params = Tree.of("w", Tensor.of(new float[2]));
    PrivateTraining training =
        PrivateTraining.of(Optimizers.sgd(1.0), params, 3, 1.0, new Clipping.Flat(1), 1);
    ClippedSum part = new ClippedSum(params, training.terms());
    assertThatThrownBy(() -> training.add(part))
        .hasMessage("a batch must be drawn first: call draw");
    training.draw();
    for (int i = 0; i < 4; i++) {
      part.add(params);
    }
    assertThatThrownBy(() -> training.add(part))
        .hasMessage("the batch must have 3 gradients, one for each example drawn, but had 4");
    ClippedSum.Terms terms = training.terms();
    ClippedSum.Terms other =
        new ClippedSum.Terms(terms.clipping(), 2, terms.gridStep(), false, terms.batch());
    assertThatThrownBy(() -> training.add(new ClippedSum(params, other)))
        .hasMessage("the part must have the terms %s, but had %s".formatted(terms, other));
    Tree wide = Tree.of("w", Tensor.of(new float[3]));
    assertThatThrownBy(() -> training.add(new ClippedSum(wide, terms)))
        .hasMessageStartingWith("the part must have the structure");
    ClippedSum.Terms inexact = new ClippedSum.Terms(terms.clipping(), 1, 0, false, 1);
    assertThatThrownBy(() -> part.begin(inexact))
        .hasMessage("gridStep must be positive, but was 0.0");
    assertThatThrownBy(() -> part.begin(new ClippedSum.Terms(new Clipping.Flat(2), 1, 1, false, 1)))
        .hasMessageStartingWith("clipping must be Flat");
    assertThatThrownBy(() -> new ClippedSum.Terms(terms.clipping(), 1, 0.3, false, 1))
        .hasMessage("gridStep must be a power of two, but was 0.3");
    assertThatThrownBy(() -> training.step(List.of()))
        .hasMessage("workers must have at least one function, but had none");
  }
}
