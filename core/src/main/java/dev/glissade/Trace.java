package dev.glissade;

import dev.glissade.fuse.Engine;
import dev.glissade.fuse.Execution;
import dev.glissade.fuse.Node;
import dev.glissade.fuse.Plane;
import dev.glissade.fuse.Target;
import dev.glissade.tree.Records;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A step written down once, with the nodes of its data, to be run again with other data: new
 * parameters are stored over the old ones, and each tree of the new state over the same one of the
 * old state where the two states have the same form.
 */
final class Trace<S> {
  private final Node gradients;
  private final List<Object> stateLeaves;
  private final Map<String, Object> extras;
  private final GradientFunctions functions;
  private final Execution execution;
  private final S next;

  /** Which trace fits. */
  record Key(Stepper.Skeleton state, Structure gradients, Stepper.Skeleton extras) {}

  /** Stands in for the gradient function of each step. */
  private static final class GradientFunctions implements GradientFunction {
    private @Nullable GradientFunction current;

    @Override
    public Tree gradients(Tree params, int i) {
      if (current == null) {
        throw new IllegalStateException("no gradient function outside of a step");
      }
      return current.gradients(params, i);
    }
  }

  private Trace(
      Node gradients,
      List<Object> stateLeaves,
      Map<String, Object> extras,
      GradientFunctions functions,
      Execution execution,
      S next) {
    this.gradients = gradients;
    this.stateLeaves = stateLeaves;
    this.extras = extras;
    this.functions = functions;
    this.execution = execution;
    this.next = next;
  }

  static <S> Trace<S> of(
      GradientTransformation<S> transformation,
      Tree gradients,
      S state,
      Tree params,
      Extras extras) {
    Driver.requireGradients(transformation, gradients, params);
    GradientFunctions functions = new GradientFunctions();
    Tree tracedGradients = (Tree) variable(gradients);
    Tree tracedParams = (Tree) variable(params);
    S traced = Records.map(state, Trace::variable);
    Map<String, Object> arguments = new LinkedHashMap<>();
    extras
        .arguments()
        .forEach(
            (name, value) ->
                arguments.put(
                    name, value instanceof GradientFunction ? functions : variable(value)));
    Step<S> step =
        transformation.step(tracedGradients, traced, tracedParams, Extras.of(arguments));
    List<Target> targets = new ArrayList<>();
    targets.add(
        Target.over(tracedParams.node(), Driver.next(tracedParams, step.updates()).node()));
    List<Object> leaves = data(traced);
    boolean sameForm = Stepper.Skeleton.of(state).equals(Stepper.Skeleton.of(step.state()));
    List<Object> results = data(step.state());
    for (int i = 0; i < results.size(); i++) {
      targets.add(target(results.get(i), sameForm ? leaves.get(i) : null));
    }
    return new Trace<>(
        tracedGradients.node(),
        leaves,
        arguments,
        functions,
        Engine.prepare(targets),
        step.state());
  }

  private static Target target(Object result, @Nullable Object old) {
    if (result instanceof Tree tree) {
      return old instanceof Tree over
          ? Target.over(over.node(), tree.node())
          : Target.fresh(tree.node(), tree.structure().layout());
    }
    return Target.value(result instanceof Scalar s ? s.node() : ((RandomKey) result).node());
  }

  /** The leaf on a node of its own, whose data each run binds anew. */
  private static Object variable(@Nullable Object leaf) {
    if (leaf instanceof Tree tree) {
      Node node = Node.input(tree.structure().layout(), tree.node().planes());
      return new Tree(tree.structure(), node, false);
    }
    if (leaf instanceof Scalar scalar) {
      return new Scalar(Node.constant(scalar.value()), false);
    }
    if (leaf instanceof RandomKey key) {
      return new RandomKey(Node.key(key.bits()), false);
    }
    return leaf;
  }

  private static List<Object> data(@Nullable Object value) {
    List<Object> data = new ArrayList<>();
    Records.walk(
        value,
        (path, leaf) -> {
          if (leaf instanceof Tree || leaf instanceof Scalar || leaf instanceof RandomKey) {
            data.add(leaf);
          }
        });
    return data;
  }

  /** Takes the step and gives back the next state. */
  S run(Tree newGradients, S state, Extras newExtras) {
    bind(gradients, newGradients);
    List<Object> values = data(state);
    for (int i = 0; i < values.size(); i++) {
      bind(node(stateLeaves.get(i)), values.get(i));
    }
    newExtras.arguments().forEach(this::bindExtra);
    try {
      execution.run();
    } finally {
      functions.current = null;
    }
    int[] target = {1};
    return Records.map(next, leaf -> result(leaf, target));
  }

  private @Nullable Object result(@Nullable Object leaf, int[] target) {
    if (leaf instanceof Tree tree) {
      Plane[] planes = execution.planes(target[0]++);
      return Tree.ofPlanes(tree.structure(), planes);
    }
    if (leaf instanceof Scalar) {
      return Scalar.of(execution.value(target[0]++));
    }
    return leaf instanceof RandomKey ? RandomKey.ofBits(execution.key(target[0]++)) : leaf;
  }

  private void bindExtra(String name, Object value) {
    if (value instanceof GradientFunction function) {
      functions.current = function;
    } else if (value instanceof Tree || value instanceof Scalar || value instanceof RandomKey) {
      bind(node(extras.get(name)), value);
    }
  }

  private void bind(Node node, Object value) {
    if (!execution.uses(node)) {
      return;
    }
    if (value instanceof Tree tree) {
      execution.bind(node, tree.node().planes());
    } else if (value instanceof Scalar scalar) {
      execution.bind(node, scalar.value());
    } else if (value instanceof RandomKey key) {
      execution.bind(node, key.bits());
    }
  }

  private static Node node(@Nullable Object leaf) {
    if (leaf instanceof Tree tree) {
      return tree.node();
    }
    if (leaf instanceof Scalar scalar) {
      return scalar.node();
    }
    if (leaf instanceof RandomKey key) {
      return key.node();
    }
    throw new IllegalStateException("no data: " + leaf);
  }
}
