package dev.glissade.fuse.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.fuse.codegen.KernelArguments;
import dev.glissade.fuse.graph.Graph;
import dev.glissade.fuse.graph.Node;
import dev.glissade.fuse.graph.Op;
import dev.glissade.fuse.graph.Reduction;
import dev.glissade.fuse.graph.Target;
import dev.glissade.fuse.kernel.Kernel;
import dev.glissade.fuse.kernel.Kernels;
import dev.glissade.fuse.memory.Element;
import dev.glissade.fuse.memory.Layout;
import dev.glissade.fuse.memory.Plane;
import dev.glissade.fuse.plan.Program;
import dev.glissade.fuse.tape.LaneOrder;
import dev.glissade.fuse.tape.Tape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A kernel that finds no memory after it has stored half of a range, or before it can begin. */
@Tag("vectors")
class NoMemoryTest {
  private static final int SIZE = 2_200_000;

  /** Delegates to a kernel, but now and then stores nonsense and throws. */
  private record Failing(Kernel kernel, AtomicInteger runs, AtomicInteger allocations)
      implements Kernel {
    @Override
    public void run(KernelArguments arguments, double[] partials, int at, Object scratch) {
      if (runs.getAndIncrement() % 3 == 1) {
        for (int piece = 0; piece < arguments.pieces; piece++) {
          if (arguments.arrays[arguments.array[piece]] instanceof float[] floats) {
            floats[arguments.from[piece]] = 42;
          }
        }
        Arrays.fill(partials, at, Math.min(at + 1, partials.length), 42);
        throw new OutOfMemoryError("thrown by the test");
      }
      kernel.run(arguments, partials, at, scratch);
    }

    @Override
    public @Nullable Kernel offHeap(long memory) {
      Kernel other = kernel.offHeap(memory);
      return other == null ? null : new Failing(other, runs, allocations);
    }

    @Override
    public int temporaries() {
      return kernel.temporaries();
    }

    @Override
    public boolean needsCopies() {
      return kernel.needsCopies();
    }

    @Override
    public LaneOrder order() {
      return kernel.order();
    }

    @Override
    public int warmupRanges() {
      return 1 << 20;
    }

    @Override
    public String name() {
      return "failing";
    }

    @Override
    public Object scratch() {
      if (allocations.getAndDecrement() > 0) {
        throw new OutOfMemoryError("thrown by the test");
      }
      return kernel.scratch();
    }
  }

  /** x - 0.1 m over x, m * 0.9 + g over m; the norm of m as it was and the sum of x as it is. */
  private static Execution step(Plane[] x, Plane[] m, Plane[] g, Function<Tape, Kernel> kernels) {
    int[] sizes = Arrays.stream(x).mapToInt(Plane::length).toArray();
    Element[] elements = Arrays.stream(x).map(Plane::element).toArray(Element[]::new);
    Element[] floats = Arrays.stream(x).map(p -> Element.F32).toArray(Element[]::new);
    Layout stored = new Layout(sizes, elements);
    Layout layout = new Layout(sizes, floats);
    Node params = Node.input(stored, x);
    Node old = Node.input(layout, m);
    Node gradients = Node.input(layout, g);
    Node decayed = Node.binary(Op.MUL, old, Node.constant(0.9), layout);
    Node next = Node.binary(Op.ADD, decayed, gradients, layout);
    Node scaled = Node.binary(Op.MUL, next, Node.constant(-0.1), layout);
    Node sum = Node.round(stored, Node.binary(Op.ADD, params, scaled, layout));
    Graph graph =
        new Graph(
            List.of(
                Target.over(params, sum),
                Target.over(old, next),
                Target.value(Node.reduce(Reduction.SUM, next)),
                Target.value(Node.reduce(Reduction.NORM, old))));
    return new Execution(graph, new Program(graph, kernels));
  }

  private static Plane[] random(long seed, Element element, boolean outside, int... sizes) {
    Random random = new Random(seed);
    Plane[] planes = new Plane[sizes.length];
    for (int p = 0; p < planes.length; p++) {
      Plane plane = Plane.of(element, random.doubles(sizes[p], -1, 1).toArray());
      if (outside) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(4 * sizes[p]).order(ByteOrder.nativeOrder());
        Plane direct = new Plane(element, bytes.asFloatBuffer(), bytes, true);
        plane.copyTo(direct);
        plane = direct;
      }
      planes[p] = plane;
    }
    return planes;
  }

  private static void assertSame(Plane[] actual, Plane[] expected) {
    for (int p = 0; p < actual.length; p++) {
      assertThat(actual[p].toDoubles()).isEqualTo(expected[p].toDoubles());
    }
  }

  private static void goesOn(Element element, boolean outside, int threads, int... sizes) {
    Plane[][] data = {
      random(1, element, outside, sizes),
      random(2, Element.F32, outside, sizes),
      random(3, Element.F32, outside, sizes)
    };
    Plane[][] plain = {
      random(1, element, false, sizes),
      random(2, Element.F32, false, sizes),
      random(3, Element.F32, false, sizes)
    };
    AtomicInteger runs = new AtomicInteger();
    Kernels kernels = new Kernels();
    Function<Tape, Kernel> failing =
        tape -> new Failing(kernels.kernel(tape), runs, new AtomicInteger());
    // A pass that stores nothing may fail, and does at its second range: without a norm of old m.
    Execution disturbed = step(data[0], data[1], data[2], overwriting(kernels::kernel, failing));
    Execution smooth = step(plain[0], plain[1], plain[2], kernels::kernel);
    disturbed.threads(threads);
    smooth.threads(1);
    for (int i = 0; i < 4; i++) {
      disturbed.run();
      smooth.run();
      assertSame(data[0], plain[0]);
      assertSame(data[1], plain[1]);
      assertThat(disturbed.value(2)).isEqualTo(smooth.value(2));
      assertThat(disturbed.value(3)).isEqualTo(smooth.value(3));
      assertThat(disturbed.brokeOff()).isFalse();
    }
    assertThat(runs.get()).isGreaterThan(4);
  }

  /** Kernels that fail where something is stored. */
  private static Function<Tape, Kernel> overwriting(
      Function<Tape, Kernel> plain, Function<Tape, Kernel> failing) {
    return tape -> {
      boolean stores = tape.code().stream().anyMatch(Tape.Store.class::isInstance);
      return (stores ? failing : plain).apply(tape);
    };
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void inTheMiddleOfARangeAStepGoesOn(int threads) {
    goesOn(Element.F32, false, threads, SIZE);
    goesOn(Element.F32, false, threads, 5, 70_000, 1, 17);
    goesOn(Element.BF16, false, threads, 5, 70_000, 1, 17);
    goesOn(Element.F32, true, threads, 70_000, 17);
  }

  @Test
  void noScratchSpaceForAThreadChangesNothing() {
    int[] sizes = {70_000, 3};
    Plane[][] data = new Plane[3][];
    Plane[][] plain = new Plane[3][];
    for (int i = 0; i < 3; i++) {
      data[i] = random(i, Element.F32, false, sizes);
      plain[i] = random(i, Element.F32, false, sizes);
    }
    AtomicInteger allocations = new AtomicInteger(3);
    Kernels kernels = new Kernels();
    Function<Tape, Kernel> failing =
        tape -> new Failing(kernels.kernel(tape), new AtomicInteger(2), allocations);
    Execution disturbed = step(data[0], data[1], data[2], overwriting(kernels::kernel, failing));
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(disturbed::run).isInstanceOf(OutOfMemoryError.class);
      assertThat(disturbed.brokeOff()).isFalse();
      assertSame(data[0], plain[0]);
      assertSame(data[1], plain[1]);
    }
    disturbed.run();
    step(plain[0], plain[1], plain[2], kernels::kernel).run();
    assertSame(data[0], plain[0]);
    assertSame(data[1], plain[1]);
  }
}
