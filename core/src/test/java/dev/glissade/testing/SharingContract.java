package dev.glissade.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.Applied;
import dev.glissade.DType;
import dev.glissade.Extras;
import dev.glissade.GradientFunction;
import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.ValueAndGradients;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A transformation is shared by threads. */
public abstract class SharingContract extends OfAll {
  private static final int THREADS = 4;
  private static final int STEPS = 5;

  protected SharingContract(Map<String, Map<String, Object>> list) {
    super(list);
  }

  @ParameterizedTest
  @MethodSource("all")
  void oneTransformationIsDrivenByManyThreads(String name) throws Exception {
    GradientTransformation<?> shared = optimizer(name);
    Map<String, Object> expected = driven(optimizer(name), false);
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      CountDownLatch start = new CountDownLatch(THREADS);
      List<Future<Map<String, Object>>> results = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        boolean inPlace = t % 2 == 0;
        results.add(
            threads.submit(() -> {
              start.countDown();
              start.await();
              return driven(shared, inPlace);
            }));
      }
      for (Future<Map<String, Object>> result : results) {
        assertThat(result.get()).isEqualTo(expected);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static <S> Map<String, Object> driven(
      GradientTransformation<S> optimizer, boolean inPlace) {
    Tree start = Problem.params(DType.FLOAT32);
    Stepper<S> stepper = Stepper.of(optimizer, start);
    Applied<S> now = new Applied<>(start, optimizer.init(start));
    for (int i = 0; i < STEPS; i++) {
      Tree gradients = Problem.gradients(optimizer, DType.FLOAT32, i);
      if (inPlace) {
        stepper.step(gradients);
      } else {
        now = optimizer.apply(gradients, now.state(), now.params());
      }
    }
    return Numbers.of(inPlace ? new Applied<>(stepper.params(), stepper.state()) : now);
  }

  /**
   * Functions compute into the arrays of the gradients again, as a model may: into arrays that it
   * has wrapped, and into those of a tensor that is believed to be the library's own.
   */
  protected static <S> void compareReuse(GradientTransformation<S> asking) {
    float[] wrapped = new float[2];
    compareReuse(asking, Tensor.wrap(wrapped), wrapped);
    Tensor own = Tensor.of(new float[2]);
    compareReuse(asking, own, (float[]) own.array());
  }

  private static <S> void compareReuse(
      GradientTransformation<S> asking, Tensor tensor, float[] arrays) {
    Tree start = Tree.of("w", Tensor.of(new float[] {3, -2}));
    Tree reused = Tree.of("w", tensor);
    Extras again =
        functions((at, i) -> {
          compute(at, i, arrays);
          return reused;
        });
    Extras fresh = functions(SharingContract::gradients);
    Stepper<S> reusing = Stepper.of(asking, start);
    Stepper<S> plain = Stepper.of(asking, start);
    Applied<S> now = new Applied<>(start, asking.init(start));
    for (int i = 0; i < 4; i++) {
      double loss = loss(plain.params());
      plain.step(gradients(plain.params(), 0), fresh.withValue(loss));
      compute(reusing.params(), 0, arrays);
      reusing.step(reused, again.withValue(loss));
      compute(now.params(), 0, arrays);
      now = asking.apply(reused, now.state(), now.params(), again.withValue(loss));
      Map<String, Object> expected = Numbers.of(new Applied<>(plain.params(), plain.state()));
      assertThat(Numbers.of(new Applied<>(reusing.params(), reusing.state()))).isEqualTo(expected);
      assertThat(Numbers.of(now)).isEqualTo(expected);
    }
  }

  private static Extras functions(GradientFunction function) {
    return Extras.NONE
        .withGradientFunction(function)
        .withHessianProduct((at, v) -> function.gradients(v, 1))
        .withLossFunction((at, i) -> new ValueAndGradients(loss(at), function.gradients(at, 0)));
  }

  private static Tree gradients(Tree at, int i) {
    float[] g = new float[2];
    compute(at, i, g);
    return Tree.of("w", Tensor.wrap(g));
  }

  /** Returns sum_k w_k^2 - k w_k. */
  private static double loss(Tree at) {
    double sum = 0;
    for (int k = 0; k < at.get("w").size(); k++) {
      double w = at.get("w").get(k);
      sum += w * w - k * w;
    }
    return sum;
  }

  private static void compute(Tree at, int i, float[] gradients) {
    for (int k = 0; k < gradients.length; k++) {
      gradients[k] = (float) (at.get("w").get(k) * (2 + i) - k);
    }
  }
}
