package dev.glissade.arena.replay;

import dev.glissade.DType;
import dev.glissade.Extras;
import dev.glissade.Tree;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the steps of a case are given: recorded gradients, or those of a problem at the present
 * params, and extra arguments.
 *
 * @param steps how many steps there are
 * @param gradients a tree for each step; empty if there is a problem
 * @param values the loss of each step; empty without
 * @param hessianDiagonals a tree for each step; empty without
 * @param problem the loss that has the gradients; null if they are recorded
 * @param needs the extra arguments that the problem gives to the optimizer
 */
record StepArguments(
    int steps,
    List<@Nullable Object> gradients,
    List<@Nullable Object> values,
    List<@Nullable Object> hessianDiagonals,
    @Nullable Problem problem,
    List<@Nullable Object> needs) {
  private static final int MOST_STEPS = 1_000_000;

  static StepArguments of(
      Object gradients, @Nullable Object values, @Nullable Object hessianDiagonals) {
    int steps = PlainTrees.list(gradients).size();
    return new StepArguments(
        steps,
        PlainTrees.list(gradients),
        oneEach("values", values, steps),
        oneEach("hessian_diagonals", hessianDiagonals, steps),
        null,
        List.of());
  }

  static StepArguments of(Problem problem, @Nullable Object needs, Object steps) {
    if (!(steps instanceof Number number
        && number.intValue() == number.doubleValue()
        && number.intValue() >= 0
        && number.intValue() <= MOST_STEPS)) {
      throw new IllegalArgumentException(
          "\"steps\" must be a whole number from 0 to %d, but was %s".formatted(MOST_STEPS, steps));
    }
    return new StepArguments(
        number.intValue(), List.of(), List.of(), List.of(), problem, PlainTrees.list(needs));
  }

  private static List<@Nullable Object> oneEach(String name, @Nullable Object plain, int steps) {
    List<@Nullable Object> list = PlainTrees.list(plain);
    if (plain != null && list.size() != steps) {
      throw new IllegalArgumentException(
          "\"%s\" must have an element for each of the %d steps, but had %d"
              .formatted(name, steps, list.size()));
    }
    return list;
  }

  /** Returns whether the optimizer calls the loss, so that rounding may change its decisions. */
  boolean hasLineSearch() {
    return needs.contains("value_fn");
  }

  /** Returns the loss at the params; null without a problem. */
  @Nullable Double loss(Tree params) {
    return problem == null ? null : problem.value(Problem.vector(params));
  }

  Tree gradients(int step, Tree params, DType dtype) {
    return problem == null
        ? PlainTrees.tree(gradients.get(step), dtype)
        : Problem.tree(problem.gradient(Problem.vector(params)), params);
  }

  /** Returns the extra arguments of a step, at params that have these gradients. */
  Extras extras(int step, Tree params, Tree gradientsThere, DType dtype) {
    Extras extras = Extras.NONE;
    if (!values.isEmpty()) {
      extras = extras.withValue(number(values.get(step)));
    }
    if (!hessianDiagonals.isEmpty()) {
      extras = extras.with("hessian_diagonal", PlainTrees.tree(hessianDiagonals.get(step), dtype));
    }
    Double loss = needs.contains("value") ? loss(params) : null;
    if (loss != null) {
      extras = extras.withValue(loss);
    }
    if (problem != null && needs.contains("obj_fn")) {
      extras = extras.withHessianProduct(Problem.product(problem));
    }
    if (problem != null && hasLineSearch()) {
      extras = extras.withLossFunction(Problem.loss(problem));
    }
    return needs.contains("grad") ? extras.with("grad", gradientsThere) : extras;
  }

  private static double number(@Nullable Object value) {
    if (!(value instanceof Number number)) {
      throw new IllegalArgumentException("\"values\" must be numbers, but had " + value);
    }
    return number.doubleValue();
  }
}
