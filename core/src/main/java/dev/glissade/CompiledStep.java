package dev.glissade;

import dev.glissade.fuse.graph.Node;
import dev.glissade.fuse.graph.Target;
import dev.glissade.fuse.run.Engine;
import dev.glissade.fuse.run.Execution;
import dev.glissade.fuse.run.PassReport;
import dev.glissade.records.Records;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A step written down once, with the nodes of its data, to be run again with other data: new
 * parameters are stored over the old ones, and where the new state has the form of the old one,
 * each of its trees over the same tree of the old one.
 */
final class CompiledStep<S> {
  private final Structure gradientStructure;
  private final Signature extrasSkeleton;
  private final boolean keepsForm;
  private final Node gradients;
  private final Node params;

  /** The state's trees, scalars and keys as nodes, in the order of the walk. */
  private final List<Node> stateNodes;

  private final Map<String, Node> extraNodes;
  private final GradientFunctions functions;
  private final Execution execution;

  /** The form of the next state. */
  private final S next;

  private final List<Object> nextLeaves;

  /** Which trace fits. */
  record Key(Signature state, Structure gradients, Signature extras, boolean zeroing) {

    /** Returns the name of the first value that differs, or null if something else does. */
    @Nullable String changedSince(Key before) {
      String inState = state.changedSince(before.state());
      if (inState != null) {
        return "state entry \"" + inState + "\"";
      }
      String inExtras = extras.changedSince(before.extras());
      return inExtras == null ? null : "extra argument \"" + inExtras + "\"";
    }
  }

  /** Stands in for the gradient function of each step. */
  private static final class GradientFunctions implements GradientFunction {
    private @Nullable GradientFunction current;
    private @Nullable FiniteGuard guard;
    private long step;
    private int threads;

    @Override
    public Tree gradients(Tree params, int i) {
      if (current == null) {
        throw new IllegalStateException("no gradient function outside of a step");
      }
      Tree result = current.gradients(params, i);
      if (guard == null || result == null) {
        return result;
      }
      Tree computed = result.evaluate();
      guard.requireFinite(computed, i, step, threads);
      return computed;
    }
  }

  private CompiledStep(
      Key key,
      Tree gradients,
      List<Node> stateNodes,
      Map<String, Node> extraNodes,
      GradientFunctions functions,
      Step<S> step,
      Node params) {
    this.gradientStructure = key.gradients();
    this.extrasSkeleton = key.extras();
    this.keepsForm = key.state().equals(Signature.of(step.state()));
    this.gradients = gradients.node();
    this.params = params;
    this.stateNodes = stateNodes;
    this.extraNodes = extraNodes;
    this.functions = functions;
    this.next = step.state();
    this.nextLeaves = Signature.data(next);
    List<Target> targets = new ArrayList<>();
    targets.add(Target.over(params, step.updates().node()));
    for (int i = 0; i < nextLeaves.size(); i++) {
      targets.add(target(nextLeaves.get(i), keepsForm ? stateNodes.get(i) : null));
    }
    if (key.zeroing()) {
      Tree zeros = gradients.zeros().as(gradients.structure());
      targets.add(Target.over(gradients.node(), zeros.node()));
    }
    this.execution = Engine.prepare(targets);
  }

  static Key key(Object state, Tree gradients, Extras extras, boolean zeroing) {
    return new Key(Signature.of(state), gradients.structure(), Signature.of(extras), zeroing);
  }

  static <S> CompiledStep<S> of(
      GradientTransformation<S> transformation,
      Key key,
      Tree gradients,
      S state,
      Tree params,
      Extras extras) {
    Driver.requireGradients(transformation, gradients, params);
    Tree tracedGradients = variable(gradients);
    Tree tracedParams = variable(params);
    S traced = Records.map(state, CompiledStep::variable);
    GradientFunctions functions = new GradientFunctions();
    Map<String, Object> arguments = new LinkedHashMap<>();
    Map<String, Node> extraNodes = new LinkedHashMap<>();
    extras
        .arguments()
        .forEach((name, given) -> {
          Object value = given instanceof GradientFunction ? functions : variable(given);
          if (value != null) {
            arguments.put(name, value);
          }
          if (Signature.isData(value)) {
            extraNodes.put(name, node(value));
          }
        });
    Step<S> step =
        Driver.written(transformation, tracedGradients, traced, tracedParams, Extras.of(arguments));
    Tree next = Driver.next(tracedParams, step.updates());
    return new CompiledStep<>(
        key,
        tracedGradients,
        Signature.data(traced).stream().map(CompiledStep::node).toList(),
        extraNodes,
        functions,
        Step.of(next, step.state()),
        tracedParams.node());
  }

  private static Target target(Object result, @Nullable Node old) {
    if (result instanceof Tree tree) {
      return old == null
          ? Target.fresh(tree.node(), tree.structure().layout())
          : Target.over(old, tree.node());
    }
    return Target.value(node(result));
  }

  /** The leaf on a node of its own, whose data each run binds anew. */
  private static @Nullable Object variable(@Nullable Object leaf) {
    if (leaf instanceof Tree tree) {
      return variable(tree);
    }
    if (leaf instanceof Scalar scalar) {
      return new Scalar(Node.constant(scalar.value()), false);
    }
    if (leaf instanceof RandomKey key) {
      return new RandomKey(Node.key(key.bits()), false);
    }
    return leaf;
  }

  private static Tree variable(Tree tree) {
    Node node = Node.input(tree.structure().layout(), tree.node().planes());
    return new Tree(tree.structure(), node, false);
  }

  /** Whether this trace runs with these gradients, too; the state is the one that it left. */
  boolean fits(Tree newGradients) {
    return gradientStructure.equals(newGradients.structure());
  }

  /** Whether this trace runs with these arguments, too. */
  boolean fits(Extras extras) {
    return extras == Extras.NONE
        ? extrasSkeleton.isEmpty()
        : extrasSkeleton.equals(Signature.of(extras));
  }

  /** Whether the next state is stored over the old one. */
  boolean keepsForm() {
    return keepsForm;
  }

  /** Whether the step calls functions of trees, as a gradient function is. */
  boolean calls() {
    return execution.calls();
  }

  /** Takes a state's trees, scalars and keys as those of the next run. */
  void load(S state) {
    List<Object> values = Signature.data(state);
    for (int i = 0; i < values.size(); i++) {
      bind(stateNodes.get(i), values.get(i));
    }
  }

  /**
   * Takes the step, large passes by so many threads.
   *
   * @param guard looks at the results of gradient functions, if given
   * @param step the number of the step, for sentences
   */
  void run(Tree newGradients, Extras extras, int threads, @Nullable FiniteGuard guard, long step) {
    execution.threads(threads);
    bind(gradients, newGradients);
    if (extras != Extras.NONE) {
      bind(extras);
    }
    functions.guard = guard;
    functions.step = step;
    functions.threads = threads;
    try {
      execution.run();
    } finally {
      functions.current = null;
    }
    if (keepsForm) {
      execution.carryValues(stateNodes, 1);
    }
  }

  private void bind(Extras extras) {
    for (Map.Entry<String, Object> extra : extras.arguments().entrySet()) {
      if (extra.getValue() instanceof GradientFunction function) {
        functions.current = function;
      }
      Node node = extraNodes.get(extra.getKey());
      if (node != null) {
        bind(node, extra.getValue());
      }
    }
  }

  /** Whether the last run ended by an exception after it had begun to store over its inputs. */
  boolean brokeOff() {
    return execution.brokeOff();
  }

  /** The passes of the last run. */
  List<PassReport> plan() {
    IdentityHashMap<Node, String> names = new IdentityHashMap<>();
    names.put(gradients, "gradients");
    names.put(params, "params");
    extraNodes.forEach((name, node) -> names.put(node, "extra " + name));
    Iterator<Node> nodes = stateNodes.iterator();
    Records.walk(
        next,
        (path, leaf) -> {
          if (keepsForm && Signature.isData(leaf)) {
            names.put(nodes.next(), path);
          }
        });
    return execution.report(names);
  }

  /** The state after a run: its trees without a copy. */
  S state() {
    int[] target = {1};
    return Records.map(next, leaf -> Signature.isData(leaf) ? result(leaf, target[0]++) : leaf);
  }

  private Object result(@Nullable Object leaf, int target) {
    if (leaf instanceof Tree tree) {
      return Tree.ofPlanes(tree.structure(), execution.planes(target));
    }
    return leaf instanceof Scalar
        ? Scalar.of(execution.value(target))
        : RandomKey.ofBits(execution.key(target));
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
