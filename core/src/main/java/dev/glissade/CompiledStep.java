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
 * A step that was traced once, on nodes that stand for its data, and runs with other data. It
 * stores the new parameters over the old ones and, if the new state has the form of the old one,
 * each tree of the state over its predecessor.
 */
final class CompiledStep<S> {
  private final Key key;
  private final boolean keepsForm;
  private final Node gradients;
  private final Node params;

  /** The nodes of the state's trees, scalars and keys, in the order of the walk. */
  private final List<Node> stateNodes;

  private final String[] extraNames;
  private final Map<String, Node> extraNodes;
  private final StepFunctions functions;
  private final Execution execution;

  /** The next state, deferred: the form that results are read into. */
  private final S next;

  /**
   * What the program of a step depends on.
   *
   * @param state the form of the state
   * @param gradients the gradients' paths, shapes and types
   * @param extras the form of the extra arguments
   * @param zeroing whether the step sets the gradients to zero
   */
  record Key(Signature state, Structure gradients, Signature extras, boolean zeroing) {

    static Key of(Object state, Tree gradients, Extras extras, boolean zeroing) {
      return new Key(Signature.of(state), gradients.structure(), extras.signature(), zeroing);
    }

    /**
     * Returns the name of the first value that differs, or null if the difference is not in a
     * value.
     */
    @Nullable String changedSince(Key before) {
      String inState = state.changedSince(before.state());
      if (inState != null) {
        return "state entry \"" + inState + "\"";
      }
      String inExtras = extras.changedSince(before.extras());
      return inExtras == null ? null : "extra argument \"" + inExtras + "\"";
    }
  }

  private CompiledStep(
      Key key,
      Tree gradients,
      Tree params,
      S state,
      Map<String, Object> extras,
      StepFunctions functions,
      Step<S> step) {
    this.key = key;
    this.gradients = gradients.node();
    this.params = params.node();
    this.stateNodes = Deferred.in(state).stream().map(Deferred::node).toList();
    this.extraNames = extras.keySet().toArray(String[]::new);
    this.extraNodes = new LinkedHashMap<>();
    extras.forEach((name, value) -> {
      if (value instanceof Deferred deferred) {
        extraNodes.put(name, deferred.node());
      }
    });
    this.functions = functions;
    this.next = step.state();
    this.keepsForm = key.state().equals(Signature.of(next));
    List<Target> targets = new ArrayList<>();
    targets.add(Driver.next(params, step.updates()).target(this.params));
    List<Deferred> results = Deferred.in(next);
    for (int i = 0; i < results.size(); i++) {
      targets.add(results.get(i).target(keepsForm ? stateNodes.get(i) : null).exchanging());
    }
    if (key.zeroing()) {
      targets.add(gradients.zeros().as(gradients.structure()).target(this.gradients));
    }
    this.execution = Engine.prepare(targets);
  }

  static <S> CompiledStep<S> of(
      GradientTransformation<S> transformation,
      Key key,
      Tree gradients,
      S state,
      Tree params,
      Extras extras) {
    Driver.requireGradients(transformation, gradients, params);
    Tree tracedGradients = Deferred.variables(gradients);
    Tree tracedParams = Deferred.variables(params);
    S tracedState = Deferred.variables(state);
    StepFunctions functions = new StepFunctions();
    Map<String, Object> tracedExtras = new LinkedHashMap<>(extras.arguments());
    tracedExtras.replaceAll((name, value) ->
        value instanceof Deferred ? Deferred.variables(value) : functions.standIn(value));
    Step<S> step =
        Driver.traced(
            transformation, tracedGradients, tracedState, tracedParams, Extras.of(tracedExtras));
    return new CompiledStep<>(
        key, tracedGradients, tracedParams, tracedState, tracedExtras, functions, step);
  }

  /**
   * Returns whether this step also takes these gradients, given the state that the last run left.
   */
  boolean fits(Tree newGradients) {
    return key.gradients().equals(newGradients.structure());
  }

  /** Returns whether this step also takes these extra arguments. */
  boolean fits(Extras extras) {
    return extras == Extras.NONE ? key.extras().isEmpty() : key.extras().equals(extras.signature());
  }

  /** Returns whether the next state is stored over the old one. */
  boolean keepsForm() {
    return keepsForm;
  }

  /**
   * Returns whether the step calls functions of the user's on trees, such as a gradient function.
   */
  boolean calls() {
    return execution.calls();
  }

  /** Binds the trees, scalars and keys of a state, for the next run to start from. */
  void load(S state) {
    List<Deferred> values = Deferred.in(state);
    for (int i = 0; i < values.size(); i++) {
      bind(stateNodes.get(i), values.get(i));
    }
  }

  /**
   * Takes the step.
   *
   * @param threads how many threads may work on a large pass
   * @param guard checks the results of gradient functions; null if all are allowed
   * @param step the number of the step, for messages
   */
  void run(Tree newGradients, Extras extras, int threads, @Nullable FiniteGuard guard, long step) {
    execution.threads(threads);
    bind(gradients, newGradients);
    if (extras != Extras.NONE) {
      bind(extras);
    }
    functions.begin(guard, step, threads);
    try {
      execution.run();
    } finally {
      functions.end();
    }
    if (keepsForm) {
      execution.carryValues(stateNodes, 1);
    }
  }

  private void bind(Extras extras) {
    for (String name : extraNames) {
      Object argument = extras.arguments().get(name);
      functions.bind(argument);
      Node node = extraNodes.get(name);
      if (node != null && argument instanceof Deferred value) {
        bind(node, value);
      }
    }
  }

  private void bind(Node node, Deferred value) {
    if (execution.uses(node)) {
      value.bind(execution, node);
    }
  }

  /** Returns whether the last run threw after it had started to overwrite its inputs. */
  boolean brokeOff() {
    return execution.brokeOff();
  }

  /** Returns the state after a run; its trees are not copied. */
  S state() {
    int[] target = {1};
    return Deferred.map(next, part -> part.read(execution, target[0]++));
  }

  /** Returns the passes of the last run. */
  List<PassReport> report() {
    return execution.report(names());
  }

  Execution execution() {
    return execution;
  }

  /** Returns the names of the nodes that stand for data. */
  Map<Node, String> names() {
    IdentityHashMap<Node, String> names = new IdentityHashMap<>();
    names.put(gradients, "gradients");
    names.put(params, "params");
    extraNodes.forEach((name, node) -> names.put(node, "extra " + name));
    Iterator<Node> nodes = stateNodes.iterator();
    Records.walk(
        next,
        (path, leaf) -> {
          if (keepsForm && leaf instanceof Deferred) {
            names.put(nodes.next(), path);
          }
        });
    return names;
  }
}
