package dev.glissade.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.glissade.bench.RingSimulation.Network;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The simulation takes the times that one can work out by hand, and its fit finds its terms. */
class RingSimulationTest {
  private static final Network NETWORK = new Network(1e-4, 1e-5, 1e9, 4e9);

  @Test
  void oneFrameGoesAroundTwice() {
    // Two executors: there and back, each with latency, sending and adding.
    double message = 1e-4 + 1e-5 + 1e5 / 1e9 + 1e5 / 4e9;
    assertThat(new RingSimulation(2, 1e5, 1e6, NETWORK).seconds())
        .isCloseTo(2 * message, within(1e-12));
    // Eight executors: seven hops to the last, and seven to the rank before it.
    assertThat(new RingSimulation(8, 1e5, 1e6, NETWORK).seconds())
        .isCloseTo(14 * message, within(1e-12));
    assertThat(new RingSimulation(1, 1e5, 1e6, NETWORK).seconds()).isZero();
  }

  @Test
  void manyFramesTakeTheTimeOfTheConnection() {
    // With eight executors a connection carries most numbers twice.
    double seconds = new RingSimulation(8, 1e9, 1e6, NETWORK).seconds();
    assertThat(seconds).isBetween(1.9, 2.1);
    // With two it carries them once in each direction.
    assertThat(new RingSimulation(2, 1e9, 1e6, NETWORK).seconds()).isBetween(1.0, 1.1);
  }

  @Test
  void theLastFrameMayBeShort() {
    double whole = new RingSimulation(4, 3e6, 1e6, NETWORK).seconds();
    double more = new RingSimulation(4, 3e6 + 8, 1e6, NETWORK).seconds();
    assertThat(more - whole).isBetween(0.0, 1e-3);
  }

  /** No other frame is much faster, from two executors to 512. */
  @Test
  void theFrameIsNearlyTheBest() {
    for (int ranks : new int[] {2, 8, 64, 512}) {
      for (double bytes : new double[] {4e6, 4e7}) {
        double chosen =
            new RingSimulation(ranks, bytes, RingSimulation.frame(ranks, bytes), NETWORK).seconds();
        for (double frame = 1 << 13; frame <= 1 << 20; frame *= 2) {
          double other = new RingSimulation(ranks, bytes, frame, NETWORK).seconds();
          assertThat(chosen).as("%d: %.0f", ranks, frame).isLessThan(1.15 * other);
        }
      }
    }
  }

  @Test
  void theFitFindsTheTerms() {
    TreeMap<Integer, Double> seconds = new TreeMap<>();
    for (int parameters : new int[] {10_000, 1_000_000, 10_000_000}) {
      seconds.put(
          parameters,
          new RingSimulation(
                  2, 4.0 * parameters, RingSimulation.frame(2, 4.0 * parameters), NETWORK)
              .seconds());
    }
    RingFit fit = new RingFit(1e-5, 4e9, seconds);
    Network found = fit.network();
    assertThat(found.latency()).isCloseTo(1e-4, within(1e-6));
    assertThat(found.bandwidth()).isCloseTo(1e9, within(1e7));
    assertThat(fit.predicted(1_000_000, found)).isCloseTo(seconds.get(1_000_000), within(1e-5));
    seconds.clear();
    assertThatThrownBy(() -> new RingFit(1, 1, seconds))
        .hasMessage("--ring-times must have at least two sizes, but had 0");
  }
}
