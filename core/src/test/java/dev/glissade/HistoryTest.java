package dev.glissade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.testing.Allocation;
import dev.glissade.testing.Numbers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Trees of a state that change their places move without a copy, and mean the same. */
class HistoryTest {
  private static final int SIZE = 3;

  /** What becomes of a list of trees, given the gradients and the number of steps before. */
  private enum Change {
    /** The gradients enter at the front, the last tree leaves. */
    SHIFT((g, now) -> shifted(g, now.trees())),
    /** The first two change places. */
    SWAP((g, now) -> List.of(now.trees().get(1), now.trees().get(0), now.trees().get(2).plus(g))),
    /** All move around. */
    ROTATE((g, now) -> List.of(now.trees().get(2), now.trees().get(0), now.trees().get(1))),
    /** One tree becomes two, and another one is lost. */
    DOUBLE((g, now) -> List.of(now.trees().get(0).plus(g), now.trees().get(0), now.trees().get(0))),
    /** Two histories of different ends. */
    TWO((g, now) -> List.of(g, now.trees().get(0), now.trees().get(2).times(0.5).plus(g))),
    /** The list moves in every other step only. */
    SOMETIMES((g, now) ->
        now.count()
            .map(count -> count % 2)
            .equalTo(0)
            .choose(shifted(g, now.trees()), now.trees()));

    private final BiFunction<Tree, State, List<Tree>> next;

    Change(BiFunction<Tree, State, List<Tree>> next) {
      this.next = next;
    }

    private static List<Tree> shifted(Tree g, List<Tree> trees) {
      List<Tree> shifted = new ArrayList<>(trees);
      shifted.remove(SIZE - 1);
      shifted.add(0, g.times(2));
      return List.copyOf(shifted);
    }
  }

  record State(Scalar count, List<Tree> trees) {}

  /** Descends by what is in the list; calls a function at the end if there is one. */
  record Remembering(Change change) implements GradientTransformation<State> {
    @Override
    public State initialState(Tree params) {
      return new State(Scalar.of(0), Collections.nCopies(SIZE, params.zeros()));
    }

    @Override
    public Step<State> step(Tree g, State now, Tree params, Extras extras) {
      List<Tree> next = change.next.apply(g, now);
      Tree u = g;
      for (Tree tree : next) {
        u = u.times(0.5).plus(tree);
      }
      if (extras.has("grad_fn")) {
        GradientFunction function = extras.gradientFunction();
        Tree at = u;
        u = at.callback(here -> function.gradients(here, 0), at.structure());
      }
      return Step.of(u.times(-0.1), new State(now.count().plus(1), next));
    }
  }

  private static Tree tree(int seed) {
    double[] a = new double[40];
    double[] b = new double[3];
    for (int i = 0; i < a.length; i++) {
      a[i] = Math.sin(i + seed);
    }
    for (int i = 0; i < b.length; i++) {
      b[i] = Math.cos(i * seed);
    }
    return Tree.of("a", Tensor.of(a, 5, 8), "b", Tensor.of(b));
  }

  @ParameterizedTest
  @EnumSource
  void inPlaceIsFunctional(Change change) {
    Remembering optimizer = new Remembering(change);
    Stepper<State> stepper = Stepper.of(optimizer, tree(0));
    Applied<State> now = new Applied<>(tree(0), optimizer.init(tree(0)));
    for (int step = 1; step < 9; step++) {
      stepper.step(tree(step));
      now = optimizer.apply(tree(step), now.state(), now.params());
      assertThat(Numbers.of(stepper.params())).isEqualTo(Numbers.of(now.params()));
      assertThat(Numbers.of(stepper.state())).isEqualTo(Numbers.of(now.state()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStepThatThrowsChangesNothing(Change change) {
    Stepper<State> stepper = Stepper.of(new Remembering(change), tree(0));
    Extras same = Extras.NONE.withGradientFunction((at, i) -> at.copy());
    Extras broken =
        Extras.NONE.withGradientFunction((at, i) -> {
          throw new IllegalStateException("broken");
        });
    for (int step = 1; step < 5; step++) {
      stepper.step(tree(step), same);
    }
    Object state = Numbers.of(stepper.state());
    for (int step = 5; step < 8; step++) {
      Tree gradients = tree(step);
      assertThatThrownBy(() -> stepper.step(gradients, broken)).hasMessage("broken");
      assertThat(Numbers.of(stepper.state())).isEqualTo(state);
    }
    Stepper<State> undisturbed = Stepper.of(new Remembering(change), tree(0));
    for (int step = 1; step < 8; step++) {
      undisturbed.step(tree(step), same);
      if (step > 4) {
        stepper.step(tree(step), same);
      }
    }
    assertThat(Numbers.of(stepper.state())).isEqualTo(Numbers.of(undisturbed.state()));
  }

  @Test
  void aHistoryMovesWithItsArrays() {
    Stepper<State> stepper = Stepper.of(new Remembering(Change.SHIFT), tree(0));
    stepper.step(tree(1));
    Object first = stepper.liveState().trees().get(0).get("a").array();
    stepper.step(tree(2));
    assertThat(stepper.liveState().trees().get(1).get("a").array()).isSameAs(first);
    stepper.step(tree(3));
    assertThat(stepper.liveState().trees().get(2).get("a").array()).isSameAs(first);
    assertThat(stepper.explain()).contains("writes [params, trees/0]");
  }

  @Test
  void nothingIsAllocated() {
    Stepper<State> stepper = Stepper.of(new Remembering(Change.SHIFT), tree(0));
    assertThat(Allocation.least(stepper, new Tree[] {tree(1), tree(2), tree(3)})).isZero();
  }

  @Test
  void aStateThatIsReadAndSetStaysTheSame() {
    Stepper<State> stepper = Stepper.of(new Remembering(Change.SHIFT), tree(0));
    for (int step = 1; step < 4; step++) {
      stepper.step(tree(step));
      stepper.set("trees/1", tree(10 + step));
      assertThat(stepper.tree("trees/1").sameBits(tree(10 + step))).isTrue();
      assertThat(stepper.tree("trees/0").sameBits(tree(step).times(2).evaluate())).isTrue();
    }
    Stepper<State> resumed =
        Stepper.resuming(stepper.transformation(), stepper.params().copy(), stepper.state());
    stepper.step(tree(5));
    resumed.step(tree(5));
    assertThat(Numbers.of(resumed.state())).isEqualTo(Numbers.of(stepper.state()));
  }
}
