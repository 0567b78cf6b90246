package dev.glissade;

import dev.glissade.fuse.graph.HostCallback;
import dev.glissade.fuse.graph.Node;
import dev.glissade.fuse.memory.Plane;
import dev.glissade.fuse.run.Engine;
import dev.glissade.fuse.run.Execution;
import dev.glissade.records.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Calls a line search between the passes of a step.
 *
 * @param part what of the model's parameters x is
 * @param params the structure of x
 * @param direction the structure of u
 * @param result the structure of the gradients at the end; without leaves if nobody needs them
 */
record LineCall(
    LineSearch search,
    LossFunction loss,
    PartOfParams part,
    Structure params,
    Structure direction,
    Structure result)
    implements HostCallback {
  static final int STEP = 0;
  static final int VALUE = 1;
  static final int EVALUATIONS = 2;
  static final int DECREASE_ERROR = 3;
  static final int CURVATURE_ERROR = 4;
  private static final int NUMBERS = 5;

  @Override
  public Plane[] call(Plane[][] inputs, Workspace workspace) {
    if (!(workspace.kept instanceof Trials)) {
      workspace.kept = new Trials(inputs);
      workspace.numbers = new double[NUMBERS];
    }
    Trials trials = (Trials) workspace.kept;
    trials.begin(inputs, workspace.scalars);
    return trials.end(search.search(trials), workspace.numbers);
  }

  /** The trial points of the searches of one compiled step, all in the same memory. */
  private final class Trials implements LineSearch.Line {
    private final Structure computed = params.computed();
    private final Plane[] point = params.layout().allocate();
    private final Tree at = TreeForms.borrowed(Tree.ofPlanes(params, point));
    private final Plane[] found = result.layout().allocate();
    private final Node x;
    private final Node u;
    private final Node g;
    private final Node s = Node.constant(1);
    private final Execution move;
    private final Execution product;
    private Plane[] gradients0 = {};
    private final List<Tree> missing = new ArrayList<>();
    private double guess;
    private double value0;
    private double slope0;
    private double current;
    private double value;
    private double slope;
    private Plane @Nullable [] gradients;
    private int evaluations;
    private double decreaseError;
    private double curvatureError;

    Trials(Plane[][] inputs) {
      this.x = Node.input(params.layout(), inputs[0]);
      this.u = Node.input(direction.layout(), inputs[1]);
      this.g = Node.input(computed.layout(), computed.layout().allocate());
      Tree step = new Tree(direction, u).times(new Scalar(s));
      Tree next = Driver.next(new Tree(params, x), step);
      this.move = Engine.prepare(List.of(next.target(at.node())));
      this.product =
          Engine.prepare(List.of(new Tree(direction, u).dot(new Tree(computed, g)).target(null)));
    }

    void begin(Plane[][] inputs, double[] scalars) {
      int threads = loss instanceof StepFunctions.Loss bound ? bound.threads() : Engine.THREADS;
      move.threads(threads);
      product.threads(threads);
      move.bind(x, inputs[0]);
      move.bind(u, inputs[1]);
      product.bind(u, inputs[1]);
      int rest = inputs.length - part.rests().size();
      gradients0 = rest > 2 ? inputs[2] : gradients0;
      missing.clear();
      for (int i = 0; i < part.rests().size(); i++) {
        Structure form = part.rests().get(i).structure();
        missing.add(TreeForms.borrowed(Tree.ofPlanes(form, inputs[rest + i])));
      }
      value0 = scalars[0];
      slope0 = scalars[1];
      guess = scalars[2];
      evaluations = 0;
      decreaseError = 0;
      curvatureError = 0;
      current = 0;
      value = value0;
      slope = slope0;
      gradients = gradients0;
    }

    /** Returns the gradients where the search has ended, and the numbers. */
    Plane[] end(double step, double[] numbers) {
      Check.finite("the step of a line search", step);
      if (step == 0) {
        value = value0;
        gradients = gradients0;
      } else if (step != current || (found.length > 0 && gradients == null)) {
        int counted = evaluations;
        evaluate(step);
        evaluations = counted;
      }
      numbers[STEP] = step;
      numbers[VALUE] = value;
      numbers[EVALUATIONS] = evaluations;
      numbers[DECREASE_ERROR] = decreaseError;
      numbers[CURVATURE_ERROR] = curvatureError;
      for (int p = 0; p < found.length; p++) {
        Objects.requireNonNull(gradients)[p].copyTo(found[p]);
      }
      return found;
    }

    @Override
    public double valueAt(double step) {
      moveTo(step);
      value = loss.value(part.wholeOf(at, missing), evaluations++);
      return value;
    }

    @Override
    public double evaluate(double step) {
      moveTo(step);
      ValueAndGradients both = loss.valueAndGradients(part.wholeOf(at, missing), evaluations++);
      if (both == null || both.gradients() == null) {
        throw new IllegalArgumentException(
            "a loss function must return a loss and its gradients, but returned " + both);
      }
      value = both.value();
      gradients = planes(part.partOf(both.gradients()));
      product.bind(g, gradients);
      product.run();
      slope = product.value(0);
      return value;
    }

    private void moveTo(double step) {
      current = step;
      gradients = null;
      move.bind(s, step);
      move.run();
    }

    private Plane[] planes(Tree given) {
      given.structure().requireSame("gradients of the loss function", params, "params");
      Tree same = given.structure().equals(computed) ? given : given.as(computed);
      return same.isEvaluated() ? same.node().planes() : same.evaluate().node().planes();
    }

    @Override
    public double guess() {
      return guess;
    }

    @Override
    public double value0() {
      return value0;
    }

    @Override
    public double slope0() {
      return slope0;
    }

    @Override
    public double value() {
      return value;
    }

    @Override
    public double slope() {
      if (gradients == null) {
        throw new IllegalStateException(
            "slope must be asked for after evaluate, but was after valueAt");
      }
      return slope;
    }

    @Override
    public int evaluations() {
      return evaluations;
    }

    @Override
    public void report(double decrease, double curvature) {
      decreaseError = decrease;
      curvatureError = curvature;
    }
  }
}
