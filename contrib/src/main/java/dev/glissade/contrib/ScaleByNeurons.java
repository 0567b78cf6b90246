package dev.glissade.contrib;

import dev.glissade.Axes;
import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Structure;
import dev.glissade.Tree;
import dev.glissade.contrib.ScaleByNeurons.NeuronState;
import dev.glissade.transform.Moments;
import dev.glissade.transform.WeightLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** NorMuon's division of each output unit's update by the root of its second moment. */
record ScaleByNeurons(
    double decay,
    double eps,
    WeightDimensionNumbers weightDimensionNumbers,
    WeightLayout layout,
    @Nullable Double consistentRms)
    implements GradientTransformation<NeuronState> {

  /**
   * The state.
   *
   * @param nu the second moment: a number for each output unit
   */
  record NeuronState(Tree nu) {}

  @Override
  public NeuronState initialState(Tree params) {
    return new NeuronState(overInputs(params.zeros()));
  }

  @Override
  public Step<NeuronState> step(Tree o, NeuronState state, Tree params, Extras extras) {
    // nu <- decay nu + (1 - decay) mean of o^2 over the inputs
    Tree nu = Moments.update(state.nu(), decay, overInputs(o.square()));
    // z = o / (sqrt(nu) + eps), 0 for 0
    Tree divisor = nu.sqrt().plus(eps);
    Tree inverse = divisor.greaterThan(0).choose(nu.fill(1).dividedBy(divisor), nu);
    Tree z = o.times(inverse.broadcast(o));
    // u = consistentRms z / rms(z), or z of the norm of o
    Tree rms = z.leafRms();
    Tree want = consistentRms == null ? o.leafRms() : rms.fill(consistentRms);
    Tree factor = rms.greaterThan(0).choose(want.dividedBy(rms), rms);
    return Step.of(z.times(factor.broadcast(o)), new NeuronState(nu));
  }

  /** The leaves whose means are over the same axes; a mean over no inputs is 0. */
  private record Group(List<Integer> inputs, boolean hasNone) {
    Tree means(Tree tree) {
      Axes axes = Axes.of(inputs.stream().mapToInt(Integer::intValue).toArray());
      return hasNone ? tree.sumOver(axes) : tree.meanOver(axes);
    }
  }

  /** Returns the means of each leaf over its own axes of inputs. */
  private Tree overInputs(Tree tree) {
    Structure structure = tree.structure();
    Map<Group, List<String>> paths = new LinkedHashMap<>();
    for (String path : structure.paths()) {
      Structure.Leaf leaf = structure.leaf(path);
      int[] axes = weightDimensionNumbers.of(path, leaf, layout).rows(path, leaf);
      boolean hasNone = Arrays.stream(axes).anyMatch(axis -> leaf.shape().get(axis) == 0);
      Group group = new Group(Arrays.stream(axes).boxed().toList(), hasNone);
      paths.computeIfAbsent(group, none -> new ArrayList<>()).add(path);
    }
    Tree means = Tree.empty();
    for (Map.Entry<Group, List<String>> group : paths.entrySet()) {
      means = means.merge(group.getKey().means(tree.select(group.getValue()::contains)));
    }
    return means;
  }
}
