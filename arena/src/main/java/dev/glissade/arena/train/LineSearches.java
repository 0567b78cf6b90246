package dev.glissade.arena.train;

import dev.glissade.LossFunction;
import dev.glissade.records.ContainerType;
import dev.glissade.records.Records;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells which optimizers search along a line, and so find the length of their steps themselves. */
final class LineSearches {
  private static final String SUFFIX = "_linesearch";

  /** Optimizers whose steps a line search among their direct parts multiplies. */
  private static final Set<String> SCALED = Set.of("chain", "named_chain", "lbfgs");

  private LineSearches() {}

  /** Returns whether a step with this state needs the loss as a function. */
  static boolean needLoss(Object state) {
    return !Records.parts(state, LossFunction.EvaluatedState.class).isEmpty();
  }

  /** Returns whether a line search scales the updates of an optimizer in the catalog's form. */
  static boolean scale(@Nullable Object plain) {
    if (ContainerType.of(plain) == null) {
      return false;
    }
    Map<String, @Nullable Object> children = Records.children(plain);
    String name = String.valueOf(children.get("name"));
    @Nullable Object arguments = children.get("args");
    return name.endsWith(SUFFIX)
        || (SCALED.contains(name)
            && arguments != null
            && ContainerType.of(arguments) != null
            && Records.children(arguments).values().stream().anyMatch(LineSearches::scale));
  }
}
